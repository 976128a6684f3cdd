"""Form for the seal that a receipt or a publication prints."""

import re
from collections.abc import Sequence
from contextlib import suppress

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.validators import InputRequired, NumberRange, Regexp

from survey.web.fields import WholeNumberField

#: The largest integer that both databases store.
LAST_ENTRY = 2**31 - 1


class EntryField(WholeNumberField):
    """Field for the number of an entry. Its validators refuse what is no number."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number, or none: WTForms would add a message in English."""
        with suppress(ValueError):
            super().process_formdata(valuelist)


class SealForm(Form):
    """Form for an entry's printed number and seal. It changes nothing; sent by GET."""

    entry = EntryField(
        _l("Entry"),
        validators=[
            InputRequired(_l("Enter the number of the entry, as in entry 57.")),
            NumberRange(1, LAST_ENTRY, _l("Enter the number of the entry, as in entry 57.")),
        ],
    )
    seal = StringField(
        _l("Checksum"),
        filters=[lambda text: text and text.strip().lower()],
        validators=[
            Regexp(
                re.compile(r"[0-9a-f]{16}\Z"),
                message=_l("Enter the checksum as printed: 16 characters, 0 to 9 and a to f."),
            )
        ],
    )

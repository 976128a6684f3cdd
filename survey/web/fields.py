"""Fields of forms that refuse what no page of the application can send."""

from collections.abc import Sequence

from wtforms import IntegerField

#: No number in a form has more digits. Validators cannot compare one of hundreds of digits.
MOST_DIGITS = 10


class WholeNumberField(IntegerField):
    """Field for a whole number of at most ten digits; a longer one is no number to it."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number before any validator does."""
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) >= 10**MOST_DIGITS:
            self.process_data(None)
            raise ValueError(self.gettext("Not a valid integer value."))

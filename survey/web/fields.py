"""Fields of forms that refuse what no page of the application can send."""

from collections.abc import Sequence

from wtforms import IntegerField

#: No number in a form has more digits. Validators cannot compare one of hundreds of digits.
MOST_DIGITS = 10


class WholeNumberField(IntegerField):
    """Field for a whole number of at most ten digits; a longer one is no number to it."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number before any validator does."""
        long = any(sum(map(str.isdecimal, text)) > MOST_DIGITS for text in valuelist)
        # WTForms refuses an empty text as no number, in a sentence of its own catalogues.
        super().process_formdata([""] if long else valuelist)

"""Default words of the scale, for a study without its own."""

from collections.abc import Callable

from survey.values.wording import N_

#: By ratio: ``values.RATIOS``.
WORDS = {
    2: N_("between “equal” and “a little”"),
    3: N_("a little more"),
    4: N_("between “a little” and “clearly”"),
    5: N_("clearly more"),
    6: N_("between “clearly” and “much”"),
    7: N_("much more"),
    8: N_("between “much” and “overwhelmingly”"),
    9: N_("overwhelmingly more"),
}


def default_words(translate: Callable[[str], str]) -> dict[int, str]:
    """Return the words in the language of ``translate``."""
    return {ratio: translate(word) for ratio, word in WORDS.items()}

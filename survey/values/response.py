"""Silence in a further round: the rules for it, and how many experts were heard."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

#: What counts of an expert who is asked again and does not answer: the earlier answers, or
#: none in this round. Rounds from before there was a rule have none.
KEEP_ANSWERS, LEAVE_OUT_SILENT = SILENCES = "keep", "leave-out"


@dataclass(frozen=True, slots=True)
class Response:
    """Counts of the experts of a closed round, by what they did.

    ``answered`` to ``without_answers`` add up to ``invited``. An expert answered
    who saved an answer in this round, were it the former one again.
    """

    round: int
    #: One of :data:`SILENCES`; empty in a round from before there was a rule.
    silence: str
    #: So many answers were wanted; 0 where nothing was said of it.
    least: int
    invited: int
    answered: int
    #: Did not answer; what they said before counts as it was.
    kept_by_silence: int
    #: Said that they take no part in this round; what they said before counts as it was.
    kept_declining: int
    #: Were asked nothing: their former answers count.
    not_asked: int
    #: Did not answer, and do not count in this round although they answered one before.
    left_out: int
    #: Said that they take no part, and do not count.
    declined: int
    withdrew: int
    #: Did not answer, and had no answers that could count.
    without_answers: int
    #: Of those who answered: said nothing but the same again, nor began to.
    kept_by_word: int

    @property
    def left(self) -> int:
        """Count experts who answered before, or said that they leave, and do not count."""
        return self.left_out + self.declined + self.withdrew

    @property
    def counting_as_before(self) -> int:
        """Count experts who did not answer, and whose former answers count."""
        return self.kept_by_silence + self.kept_declining + self.not_asked

    @property
    def is_enough(self) -> bool:
        """Whether as many answered as were wanted, or all of whom anything was asked."""
        return self.answered >= min(self.least, self.invited - self.not_asked)

    @property
    def is_plain(self) -> bool:
        """Whether every invited expert answered or was silent: a first round without departures."""
        return self.round == 1 and not (self.left or self.counting_as_before)

    @property
    def others(self) -> Mapping[str, int]:
        """How many did not answer, by what they did instead; 0 where none did."""
        did = ("kept_by_silence", "kept_declining", "not_asked", "left_out", "declined", "withdrew")
        return {name: getattr(self, name) for name in (*did, "without_answers")}

    @property
    def counts(self) -> Mapping[str, str | int]:
        """Everything by name, for a file."""
        return asdict(self)

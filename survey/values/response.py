"""Rules for silence in another round, and counts of the experts who answered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

#: The answers that count of an expert who is asked again and is silent: the earlier ones, or
#: none in this round. Rounds from before this rule have neither.
KEEP_ANSWERS, LEAVE_OUT_SILENT = SILENCES = "keep", "leave-out"


@dataclass(frozen=True, slots=True)
class Response:
    """Counts of the experts of a closed round, by what they did.

    ``answered`` to ``without_answers`` add up to ``invited``. An expert counts as
    answered if they saved an answer in this round, even the earlier one again.
    """

    round: int
    #: One of :data:`SILENCES`; empty in a round from before this rule.
    silence: str
    #: The minimum response; 0 if none was set.
    least: int
    invited: int
    answered: int
    #: Did not answer; their earlier answers count.
    kept_by_silence: int
    #: Declined this round; their earlier answers count.
    kept_declining: int
    #: Were asked nothing: their earlier answers count.
    not_asked: int
    #: Did not answer, and do not count in this round, although they answered an earlier one.
    left_out: int
    #: Declined, and do not count.
    declined: int
    withdrew: int
    #: Did not answer, and had no earlier answers that could count.
    without_answers: int
    #: Of those who answered: kept all their earlier answers, and began no other.
    kept_by_word: int

    @property
    def former(self) -> int:
        """Number of the round before."""
        return self.round - 1

    @property
    def left(self) -> int:
        """Number of experts who do not count, but answered before, declined or withdrew."""
        return self.left_out + self.declined + self.withdrew

    @property
    def counting_as_before(self) -> int:
        """Number of experts who did not answer and whose earlier answers count."""
        return self.kept_by_silence + self.kept_declining + self.not_asked

    @property
    def is_enough(self) -> bool:
        """Whether the minimum response was reached, or all experts asked have answered."""
        return self.answered >= min(self.least, self.invited - self.not_asked)

    @property
    def is_plain(self) -> bool:
        """Whether every invited expert answered or was silent: a first round none left."""
        return self.round == 1 and not (self.left or self.counting_as_before)

    @property
    def others(self) -> Mapping[str, int]:
        """Numbers of experts who did not answer, by what they did instead."""
        did = ("kept_by_silence", "kept_declining", "not_asked", "left_out", "declined", "withdrew")
        return {name: getattr(self, name) for name in (*did, "without_answers")}

    @property
    def counts(self) -> Mapping[str, str | int]:
        """All counts by name, for a file."""
        return asdict(self)

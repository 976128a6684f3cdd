"""Study: the content of one study folder."""

from dataclasses import dataclass, field, fields, replace

from survey.values.answers import Abstention, Allocation, Answers, Extremes, Judgement, Review
from survey.values.framework import Framework
from survey.values.panel import EXPERTS, Expert
from survey.values.scale import ScaleWords
from survey.values.texts import Texts, UnitWords
from survey.values.units import Table, Unit


@dataclass(frozen=True, slots=True)
class Study:
    """Framework, panel with one round of its answers, and units of an edition."""

    code: str
    framework: Framework
    panel: tuple[Expert, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    abstentions: tuple[Abstention, ...] = ()
    extremes: tuple[Extremes, ...] = ()
    reviews: tuple[Review, ...] = ()
    units: tuple[Unit, ...] = ()
    tables: tuple[Table, ...] = ()
    titles: Texts = field(default_factory=dict)
    #: The scale's words in the round, for the languages that have their own.
    scale: tuple[ScaleWords, ...] = ()
    #: Contact address, shown to the experts.
    contact: str = ""
    #: Notice about the data by language, shown wherever the data are; empty for real data.
    notices: Texts = field(default_factory=dict)
    #: Purpose of the study by language, shown to the experts.
    purposes: Texts = field(default_factory=dict)
    #: One of :data:`ANONYMITIES`.
    anonymity: str = EXPERTS
    unit: UnitWords = field(default_factory=dict)
    #: Random beginning of the checksum of the answers: else answers of a small panel can be
    #: found by trying. Empty before the first weight set is frozen.
    salt: str = ""

    @property
    def answers(self) -> Answers:
        """All answers of the panel."""
        return Answers(**{kind.name: getattr(self, kind.name) for kind in fields(Answers)})

    def with_answers(self, answers: Answers) -> "Study":
        """Return this study with these answers and no others."""
        return replace(self, **{kind.name: getattr(answers, kind.name) for kind in fields(Answers)})

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the study's names, in order of appearance."""
        framework = self.framework
        names = [
            *(group.names for group in framework.groups),
            *(indicator.names for indicator in framework.indicators),
            *(table.names for table in self.tables),
            *(unit.names for unit in self.units),
        ]
        return tuple(dict.fromkeys(language for texts in names for language in texts))

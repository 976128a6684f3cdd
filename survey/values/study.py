"""A study: everything that one folder holds."""

from dataclasses import dataclass, field, fields, replace

from survey.values.answers import Abstention, Allocation, Answers, Extremes, Judgement, Review
from survey.values.framework import Framework
from survey.values.panel import EXPERTS, Expert
from survey.values.scale import ScaleWords
from survey.values.texts import Texts, UnitWords
from survey.values.units import Table, Unit


@dataclass(frozen=True, slots=True)
class Study:
    """A framework, a panel with one round of its answers, and the units of an edition."""

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
    #: The words that the round was asked in, of the languages that have their own.
    scale: tuple[ScaleWords, ...] = ()
    #: Whom to write to: shown to the experts.
    contact: str = ""
    #: Per language, what must be said of the data wherever it is shown; empty for real data.
    notices: Texts = field(default_factory=dict)
    #: Per language, why the experts are asked: shown to them.
    purposes: Texts = field(default_factory=dict)
    #: One of :data:`ANONYMITIES`.
    anonymity: str = EXPERTS
    unit: UnitWords = field(default_factory=dict)

    @property
    def answers(self) -> Answers:
        """Everything that the panel said."""
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

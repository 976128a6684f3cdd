"""Domain values: what a study is, apart from any file, row or page.

The study folder, the database and the pages all speak in these. Everything
is frozen; texts are mappings from a language code to a text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from math import fsum

from survey.answers import Abstention as Abstention
from survey.answers import Allocation as Allocation
from survey.answers import Answers as Answers
from survey.answers import Contradiction as Contradiction
from survey.answers import Extremes as Extremes
from survey.answers import Judged as Judged
from survey.answers import Judgement as Judgement
from survey.answers import Review as Review

Texts = Mapping[str, str]
UnitWords = Mapping[str, Texts]

#: The root of every tree of criteria: the parent of the groups.
GOAL = "goal"

PAIRWISE = "pairwise"
DIRECT = "direct"
BEST_WORST = "best-worst"
RATING = "rating"
#: How an expert can answer: by comparing every pair, with 100 points per group, by
#: comparing all with the best and the worst, or with a number from 0 to 10 per item.
KINDS = (PAIRWISE, DIRECT, BEST_WORST, RATING)

#: The end of the scale of ratings.
HIGHEST_RATING = 10

#: Into what a list of points that is longer than this is sorted first.
BUCKETS = ("high", "middle", "low")
LONGEST_UNSORTED = 5

#: What one press of + or − adds or takes, of 100 points.
PRESS = 5

#: How far from 100 the points of a group may sum: what rounding leaves.
POINTS_TOLERANCE = 1e-6

#: About how long answers take, in seconds, until a study has measured it: one
#: comparison, one line of a list of points.
SECONDS_PER_QUESTION = 25
SECONDS_PER_LINE = 10

#: Whether the weights of a group look right to the expert whose answers give them.
LOOKS_RIGHT = "looks-right"
OFF = "off"

#: Who reads an expert's name beside what she said. Her author always does; the other experts
#: never do (``experts``), or beside her reasons (``named``).
ANONYMITIES = EXPERTS, NAMED = "experts", "named"

#: Whether each expert is asked in an order of her own, and which pairs she is asked.
ORDERS = RANDOM, FIXED = "random", "fixed"
FORMS = FULL, SHORT = "full", "short"

#: How many times as much one side of a comparison can count: Saaty's 3, 5, 7, 9, and between.
RATIOS = range(2, 10)

#: Why an expert does not judge: these four, or her own words.
CANNOT_JUDGE = ("first-unknown", "second-unknown", "both-unknown", "not-comparable")

#: The longest reason: enough for a thought, short enough to be read.
LONGEST_REASON = 2000

#: Why a targeted round asks a question again, the strongest reason first.
UNANSWERED, CONTRADICTORY, FAR, BAND = "unanswered", "contradictory", "far", "band"
WHY_ASKED = (UNANSWERED, CONTRADICTORY, FAR, BAND)

#: What an expert decides of her former weight, having seen the panel's.
KEEP, RECONSIDER = "keep", "reconsider"

#: With fewer experts, a panel's figures would tell what one of them said.
FEWEST_EXPERTS = 3


@dataclass(frozen=True, slots=True)
class Rung:
    """One described state of a unit on a ladder, worth ``level`` steps from 0."""

    level: int
    texts: Texts


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that are weighed against one another."""

    code: str
    names: Texts


@dataclass(frozen=True, slots=True)
class Indicator:
    """A leaf of the tree, with its ladder; ``top`` is the highest level."""

    code: str
    group: str
    names: Texts
    top: int
    rungs: tuple[Rung, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """The tree of criteria: ``goal``, its groups, their indicators."""

    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]

    @property
    def parents(self) -> tuple[str, ...]:
        """Every criterion that has children, as asked: groups first, then the goal."""
        return (*(group.code for group in self.groups), GOAL)

    def children(self, parent: str) -> tuple[str, ...]:
        """The criteria compared under ``parent``, in the framework's order."""
        if parent == GOAL:
            return tuple(group.code for group in self.groups)
        return tuple(i.code for i in self.indicators if i.group == parent)

    def pairs(self, parent: str) -> Iterator[tuple[str, str]]:
        """Every unordered pair under ``parent``, in the order of asking."""
        children = self.children(parent)
        for position, first in enumerate(children):
            for second in children[position + 1 :]:
                yield first, second

    def asks_every_pair(self, parent: str, method: str) -> bool:
        """Whether who answers by ``method`` judges all pairs there: of two, none is the best."""
        return method == PAIRWISE or (method == BEST_WORST and len(self.children(parent)) <= 2)


@dataclass(frozen=True, slots=True)
class Expert:
    """A member of the panel; ``method``, one of :data:`KINDS`, is how she answers."""

    code: str
    direction: str
    language: str
    method: str
    name: str = ""
    #: What her order of questions and sides is drawn from; None where it is not known.
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit that is ranked, such as a city. ``levels`` holds only the levels that are known."""

    code: str
    names: Texts
    levels: Mapping[str, int]
    country: str = ""
    capital: bool | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A published table: the groups whose weighted levels it sums."""

    code: str
    names: Texts
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScaleWords:
    """A study's own words of the scale in one language, by ratio (:data:`RATIOS`).

    Words are never changed: others get the next version. Version 0 are the
    words of the pages themselves, which are nobody's data.
    """

    language: str
    version: int
    words: Mapping[int, str]
    #: What they say when they are translated back, where somebody did.
    back: Mapping[int, str] = field(default_factory=dict)

    def says_as(self, other: "ScaleWords") -> bool:
        """Whether these are the same words, in whatever version."""
        return (self.words, self.back) == (other.words, other.back)


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


@dataclass(frozen=True, slots=True)
class PanelCounts:
    """Who stands behind a weight set, without what they said.

    ``size`` experts have an answer that counts, of ``invited``; ``judged`` says
    how many under each parent. ``directions``, ``languages`` and ``methods`` hold
    what may be told of them (:func:`tellable`): the others are ``size`` less these.
    """

    invited: int
    size: int
    judged: Mapping[str, int]
    directions: Mapping[str, int]
    languages: Mapping[str, int]
    methods: Mapping[str, int]
    #: Zeros among points, made small before the logarithm.
    zeros: int

    @property
    def thin(self) -> tuple[str, ...]:
        """The parents that fewer than :data:`FEWEST_EXPERTS` experts judged."""
        return tuple(p for p, count in self.judged.items() if count < FEWEST_EXPERTS)


#: The counts of a panel that a file keeps back: they would describe fewer than three experts.
WITHHELD = PanelCounts(0, 0, {}, {}, {}, {}, 0)


#: The ends of an interval of doubt; None where a single opinion has no spread.
Interval = tuple[float, float] | None
Parameter = str | float


@dataclass(frozen=True, slots=True)
class WeightSet:
    """What a study adopts, with what is needed to recompute it; no expert's answers.

    Local weights are by parent, then child, and sum to 1 under each parent;
    global weights are by indicator. ``framework`` has no rungs.
    """

    study: str
    titles: Texts
    framework: Framework
    global_weights: Mapping[str, float]
    local_weights: Mapping[str, Mapping[str, float]]
    global_intervals: Mapping[str, Interval]
    local_intervals: Mapping[str, Mapping[str, Interval]]
    #: How one expert's pairs became priorities.
    method: str
    #: Every other choice that the weights depend on, or that is reported beside them.
    parameters: Mapping[str, Parameter]
    panel: PanelCounts
    #: SHA-256 of the answers, hexadecimal: binds the weights to them without showing them.
    answers_digest: str
    software: str
    #: The number of the format that it was read in; all are written in the newest.
    format: int = 2
    #: What must be said of the answers wherever the weights are shown; empty for real answers.
    notices: Texts = field(default_factory=dict)

    @property
    def withholds_intervals(self) -> bool:
        """Whether its file was handed out without the section of intervals."""
        return not self.global_intervals


def tellable(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of experts that describe nobody, by name in order.

    Each is :data:`FEWEST_EXPERTS` or more, and so are the experts in no count that is
    returned, taken together, unless there are none: else a difference would tell.
    """
    told = {name: count for name, count in sorted(counts.items()) if count >= FEWEST_EXPERTS}
    if told and 0 < sum(counts.values()) - sum(told.values()) < FEWEST_EXPERTS:
        del told[min(told, key=lambda name: (told[name], name))]
    return told


def is_whole(method: str, given: Iterable[float]) -> bool:
    """Whether what was given to all items of a group is an answer: a 100 points, or any rating."""
    total = fsum(given)
    return total > 0 if method == RATING else abs(total - 100) <= POINTS_TOLERANCE


def text_in(texts: Texts, language: str, otherwise: str = "") -> str:
    """The text in a language; where there is none, in English, in any other, or ``otherwise``."""
    for choice in (language, language.partition("-")[0], "en", *texts):
        if texts.get(choice):
            return texts[choice]
    return otherwise

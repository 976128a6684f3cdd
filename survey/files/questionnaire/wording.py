"""Words of a spreadsheet questionnaire in each language, and their matching."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from survey.asking.questionnaire import Questionnaire
from survey.values import RATIOS, text_in
from survey.values.wording import N_

# Headings.
FIRST, SECOND = N_("First item"), N_("Second item")
MORE, MUCH = N_("Which counts more?"), N_("How much more?")
REASON = N_("Reason (optional)")
ITEM, POINTS, RATING = N_("What is compared"), N_("Points of 100"), N_("From 0 to 10")

# Answers.
SAME, CANNOT = N_("Both count the same"), N_("I cannot judge this pair")
LEAVE, YES, NO = N_("I cannot judge this whole group"), N_("yes"), N_("no")
SUM = N_("Sum (100 when you are done)")
WHY_NOT = {
    "first-unknown": N_("I do not know enough about “%(name)s”"),
    "second-unknown": N_("I do not know enough about “%(name)s”"),
    "both-unknown": N_("I do not know enough about either"),
    "not-comparable": N_("The two cannot be compared"),
}

#: The longest name, in characters; the rest is cut off.
LONGEST_NAME = 250


@dataclass(frozen=True)
class Tongue:
    """Language in which questionnaires are written."""

    code: str
    direction: str
    say: Callable[[str], str]
    say_count: Callable[[str, str, int], str]
    moment: Callable[[datetime], str]
    #: The words of the scale, by ratio.
    scale: Mapping[int, str]
    #: The study's noun for one ranked unit.
    unit: str

    def times(self, ratio: int) -> str:
        # The same words as on the pages.
        said = self.say_count("%(ratio)s time", "%(ratio)s times", ratio)
        return said % {"ratio": ratio}

    def strength(self, ratio: int) -> str:
        return f"{self.scale[ratio]} · {self.times(ratio)}"

    def strengths(self, ratio: int) -> tuple[str, str, str]:
        """Return all texts that mean this ratio."""
        return self.strength(ratio), self.scale[ratio], self.times(ratio)

    def why_not(self, cannot: str, first: str, second: str) -> str:
        """Return one of the four reasons as a sentence; other words unchanged."""
        name = first if cannot == "first-unknown" else second
        return self.say(WHY_NOT[cannot]) % {"name": name} if cannot in WHY_NOT else cannot


def normal(text: str) -> str:
    """Return a label for comparing, without case, width, blanks and invisible marks.

    >>> normal(" Ｗired\\u00a0Network\\u200f") == normal("wired network")
    True
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c)[0] != "C")


class Labels:
    """Unique names of a questionnaire's items in one language."""

    def __init__(self, questionnaire: Questionnaire, tongue: Tongue, reserved: Collection[str]):
        self.tongue = tongue
        names = {code: self._name(questionnaire, code) for code in items_of(questionnaire)}
        often = Counter(map(normal, names.values()))
        self.shown: dict[str, str] = {}
        self.known: dict[str, str] = {}
        for code, name in names.items():
            label = name
            if often[normal(name)] > 1 or normal(name) in reserved:
                label = f"{name} ({code})"
            while normal(label) in self.known or normal(label) in reserved:
                label = f"{label} ({code})"
            self.shown[code], self.known[normal(label)] = label, code

    def _name(self, questionnaire: Questionnaire, code: str) -> str:
        name = clean(text_in(questionnaire.names(code), self.tongue.code))
        return name if normal(name) else code


def clean(text: str) -> str:
    """Return a name on one line, without control characters, cut to LONGEST_NAME."""
    printable = (c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cc", "Cn"))
    name = "".join(printable)
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"


def items_of(questionnaire: Questionnaire) -> list[str]:
    """Return the codes of all items that are weighed."""
    return [item for group in questionnaire.asking for item in group.items]


class Glossary:
    """Words by which labels are recognised, in the file's own language first."""

    def __init__(self, questionnaire: Questionnaire, tongues: Collection[Tongue]):
        self.questionnaire = questionnaire
        self.tongues = tuple(tongues)
        reserved = {
            normal(t.say(word)) for t in tongues for word in (SAME, CANNOT, LEAVE, SUM, REASON)
        }
        self.labels = {t.code: Labels(questionnaire, t, reserved) for t in self.tongues}

    @cached_property
    def items(self) -> Mapping[str, frozenset[str]]:
        """Item codes by any of their names, in every language, and by the code itself."""
        known: dict[str, set[str]] = {}
        for code in items_of(self.questionnaire):
            names = [code, *map(clean, self.questionnaire.names(code).values())]
            names += [labels.shown[code] for labels in self.labels.values()]
            for name in filter(None, map(normal, names)):
                known.setdefault(name, set()).add(code)
        return {name: frozenset(codes) for name, codes in known.items()}

    def item(self, text: str, tongue: Tongue) -> frozenset[str]:
        """Return the codes that a label can mean; only one for a label of the file itself."""
        own = self.labels[tongue.code].known.get(normal(text))
        return frozenset((own,)) if own is not None else self.items.get(normal(text), frozenset())

    def means(self, text: str, *words: str) -> str | None:
        """Return which of these words a text is, in any language; None if no one."""
        wanted = normal(text)
        return next(
            (w for w in words if any(normal(t.say(w)) == wanted for t in self.tongues)), None
        )

    @cached_property
    def strengths(self) -> Mapping[str, frozenset[int]]:
        """Ratios by their words, with the figure and without, in every language."""
        known: dict[str, set[int]] = {}
        for tongue in self.tongues:
            for ratio in RATIOS:
                for words in tongue.strengths(ratio):
                    known.setdefault(normal(words), set()).add(ratio)
        return {words: frozenset(ratios) for words, ratios in known.items()}

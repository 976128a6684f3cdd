"""Database models, one file per group of related tables."""

from survey.models.answers import (
    ANSWERS,
    Abstention,
    Allocation,
    Answer,
    AnswerRevision,
    Comparison,
    Extremes,
    Judgement,
    Reconsideration,
    Review,
    Target,
    Translation,
)
from survey.models.edition import Edition, EditionTable, Publication, Rating, Unit
from survey.models.framework import Criterion, Framework, Rung
from survey.models.journal import Journal, JournalCheckpoint, JournalEntry
from survey.models.panel import Author, AuthorLink, Expert, Invitation, PersonalLink, SignIn
from survey.models.study import Round, ScaleWords, Study
from survey.models.weights import Weight, WeightSet

__all__ = [
    "ANSWERS",
    "Abstention",
    "Allocation",
    "Answer",
    "AnswerRevision",
    "Author",
    "AuthorLink",
    "Comparison",
    "Criterion",
    "Edition",
    "EditionTable",
    "Expert",
    "Extremes",
    "Framework",
    "Invitation",
    "Journal",
    "JournalCheckpoint",
    "JournalEntry",
    "Judgement",
    "PersonalLink",
    "Publication",
    "Rating",
    "Reconsideration",
    "Review",
    "Round",
    "Rung",
    "ScaleWords",
    "SignIn",
    "Study",
    "Target",
    "Translation",
    "Unit",
    "Weight",
    "WeightSet",
]

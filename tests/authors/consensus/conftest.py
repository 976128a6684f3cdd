import pytest

from survey import values
from survey.models import Study
from tests.worlds import cast

STUDY = "/author/studies/pilot"
CONSENSUS = f"{STUDY}/rounds/1/consensus"

#: Each expert's steps on the pairs of the framework, in the order of asking.
STEPS = {
    "E1": (2, 4, 1, 0, 3),
    "E2": (0, 2, 2, -1, 1),
    "E3": (-2, 1, 4, 2, -3),
    "E4": (1, 1, 0, 4, 0),
}


def panel_of(*experts):
    return tuple(values.Expert(code, "digital", "en", values.PAIRWISE) for code in experts)


def judgements_of(*experts, without=()):
    """Return these experts' judgements, except (expert, parent) or (expert, first, second)."""
    pairs = [
        (parent, *pair)
        for parent in cast.FRAMEWORK.parents
        for pair in cast.FRAMEWORK.pairs(parent)
    ]
    return tuple(
        values.Judgement(expert, parent, first, second, step)
        for expert in experts
        for (parent, first, second), step in zip(pairs, STEPS[expert], strict=True)
        if (expert, parent) not in without and (expert, first, second) not in without
    )


def answered(*experts, without=(), **parts):
    """Return a study whose panel answered in a round that is closed."""
    return cast.study(
        panel=panel_of(*experts), judgements=judgements_of(*experts, without=without), **parts
    )


@pytest.fixture
def load(store):
    """Function that stores a study of the author."""

    def load(content: values.Study) -> Study:
        with store.writing() as session:
            return cast.load(session, content)

    return load

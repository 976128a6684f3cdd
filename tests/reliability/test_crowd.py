"""Many experts at once: every answer confirmed is stored, and once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from benchmarks import crowd
from survey import values
from survey.models import Invitation
from survey.store.invitations import issue_personal_link
from survey.values import By
from tests.worlds import cast

EXPERTS = 20


@pytest.fixture
def links(database):
    """A study of twenty experts, its round open; the paths of their links."""
    panel = tuple(
        values.Expert(f"E{number}", "digital", "en", values.PAIRWISE) for number in range(EXPERTS)
    )
    with database.writing() as session:
        study = cast.load(session, cast.study(panel=panel))
        cast.open_round(session, study.rounds[0], By("author author", cast.NOON))
        return {
            invitation.expert.code: "/invitation/"
            + issue_personal_link(session, invitation, By("command", cast.NOON))
            for invitation in session.scalars(select(Invitation))
        }


@pytest.mark.slow
def test_every_answer_of_a_crowd_is_stored_once(database, links, live_server):
    """Each answer is sent twice: by the script as it is given, and by the button."""
    with ThreadPoolExecutor(1) as apart:  # the browser of other tests holds this thread's loop
        found = apart.submit(asyncio.run, crowd.visit(live_server.port, links, 0.1)).result()

    assert found.faults == []
    assert len(found.acknowledged) == EXPERTS * 5
    assert crowd.differences(database, found.acknowledged) == []

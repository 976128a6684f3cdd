"""Kill of the server under fifty savers: acknowledged answers are stored, once.

A saver who gets no reply does not know whether the save was stored, so they send
it again, with the same key, until they get a reply.
"""

import http.client
import itertools
import json
import re
import threading
import time
from collections import defaultdict
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from survey import values
from survey.models import AnswerRevision, Comparison, Expert, Invitation, Judgement
from survey.store import journal
from survey.store.invitations import issue_personal_link
from survey.values import By
from tests.machinery.server import Server, running_service
from tests.worlds import cast

KILLS = 5
SAVERS = 50
#: The number of saves that are acknowledged between two kills.
BETWEEN_KILLS = 100


class Saver:
    """An expert at a browser that never gives up."""

    def __init__(self, server: Server, code: str, path: str) -> None:
        self.code = code
        self._server = server
        self._cookie = ""
        self._token = ""
        #: (comparison, version) -> step, of every save that was acknowledged.
        self.acknowledged: dict[tuple[int, int], int] = {}
        self._sign_in(path)

    def save_until(self, stopped: threading.Event, comparisons: list[int]) -> None:
        versions: dict[int, int] = defaultdict(int)
        for turn, comparison in enumerate(itertools.cycle(comparisons)):
            if stopped.is_set():
                return
            strength = 2 + turn % 8
            reply = self._save_until_told(comparison, strength, versions[comparison])
            versions[comparison] = reply["version"]
            self.acknowledged[comparison, reply["version"]] = strength - 1

    def _save_until_told(self, comparison: int, strength: int, base: int) -> dict[str, int]:
        form = {
            "direction": "first",
            "strength": strength,
            "key": str(uuid4()),
            "base": base,
            "csrf_token": self._token,
        }
        while True:
            try:
                status, body = self._request("POST", f"/answer/comparisons/{comparison}", form)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if status == 200:
                reply: dict[str, int] = json.loads(body)
                return reply
            if status != 503:
                raise AssertionError((status, body[:500]))

    def _sign_in(self, path: str) -> None:
        _, page = self._request("GET", path)
        self._token = _token(page)
        self._request("POST", path, {"csrf_token": self._token})
        _, page = self._request("GET", "/answer/withdraw")
        self._token = _token(page)

    def _request(
        self, method: str, path: str, form: dict[str, object] | None = None
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=20)
        try:
            headers = {"Accept": "application/json"} if "comparisons" in path else {}
            if form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            if self._cookie:
                headers["Cookie"] = self._cookie
            connection.request(method, path, urlencode(form or {}), headers)
            response = connection.getresponse()
            if cookie := response.getheader("Set-Cookie"):
                self._cookie = cookie.partition(";")[0]
            return response.status, response.read().decode()
        finally:
            connection.close()


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


@pytest.fixture
def study(database):
    """A study of fifty experts, its round open; its id, comparisons and links by expert."""
    panel = tuple(
        values.Expert(f"E{number}", "digital", "en", values.PAIRWISE) for number in range(SAVERS)
    )
    with database.writing() as session:
        study = cast.load(session, cast.study(panel=panel))
        cast.open_round(session, study.rounds[0], By("author author", cast.NOON))
        comparisons = session.scalars(select(Comparison.id)).all()
        links = {
            invitation.expert.code: issue_personal_link(
                session, invitation, By("command", cast.NOON)
            )
            for invitation in session.scalars(select(Invitation))
        }
        return study.id, list(comparisons), links


@pytest.mark.slow
def test_killing_the_server_loses_and_doubles_nothing(database, database_url, study, tmp_path):
    study_id, comparisons, links = study
    with running_service(database_url, tmp_path) as server:
        savers = [
            Saver(server, code, urlsplit(f"/invitation/{token}").path)
            for code, token in links.items()
        ]
        stopped = threading.Event()
        threads = [
            threading.Thread(target=saver.save_until, args=(stopped, comparisons), daemon=True)
            for saver in savers
        ]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            _wait_for_more(savers, threads)
            server.kill()
            server.start()
        _wait_for_more(savers, threads)
        stopped.set()
        for thread in threads:
            thread.join(120)
            assert not thread.is_alive()

    acknowledged = {
        (saver.code, comparison, version): step
        for saver in savers
        for (comparison, version), step in saver.acknowledged.items()
    }
    with database.reading() as session:
        revisions = session.execute(
            select(
                Expert.code,
                AnswerRevision.comparison_id,
                AnswerRevision.version,
                AnswerRevision.content,
            ).join(Expert, Expert.id == AnswerRevision.expert_id)
        )
        stored = {tuple(key): json.loads(content)["step"] for *key, content in revisions}
        current = {
            (code, comparison): step
            for code, comparison, step in session.execute(
                select(Expert.code, Judgement.comparison_id, Judgement.step).join(
                    Expert, Expert.id == Judgement.expert_id
                )
            )
        }
        assert journal.find_fault(session, study_id) is None
        if database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"

    assert stored == acknowledged
    assert current == _latest(acknowledged)


def _wait_for_more(savers: list[Saver], threads: list[threading.Thread]) -> None:
    def count() -> int:
        return sum(len(saver.acknowledged) for saver in savers)

    goal = count() + BETWEEN_KILLS
    while count() < goal:
        assert all(thread.is_alive() for thread in threads), "a saver was refused"
        time.sleep(0.02)


def _latest(acknowledged: dict[tuple[str, int, int], int]) -> dict[tuple[str, int], int]:
    latest = {}
    for (code, comparison, _), step in sorted(acknowledged.items()):
        latest[code, comparison] = step
    return latest

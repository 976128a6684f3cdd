"""Limit on workbooks opened at once: other uploads wait briefly, then are refused."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from survey.files.questionnaire import unpacking
from survey.files.questionnaire.faults import FaultyFile
from survey.files.questionnaire.unpacking import AT_ONCE, NoTurn, unpack
from tests.files.questionnaire.files import pairs_of, write


def test_no_more_workbooks_are_opened_at_once_than_there_are_turns(monkeypatch):
    content, running, most = write(pairs_of()), [], []
    opened, lock = unpacking._opened, threading.Lock()

    def watched(content):
        with lock:
            running.append(1)
            most.append(len(running))
        time.sleep(0.02)
        try:
            return opened(content)
        finally:
            with lock:
                running.pop()

    monkeypatch.setattr(unpacking, "_opened", watched)
    monkeypatch.setattr(unpacking, "PATIENCE", 60)

    with ThreadPoolExecutor(3 * AT_ONCE) as threads:
        read = list(threads.map(unpack, [content] * 3 * AT_ONCE))

    assert max(most) == AT_ONCE
    assert all(sheets == read[0] for sheets in read)


def test_who_gets_no_turn_is_refused_and_a_turn_that_was_given_back_is_given_again(monkeypatch):
    content = write(pairs_of())
    monkeypatch.setattr(unpacking, "PATIENCE", 0.01)
    for _ in range(AT_ONCE):
        assert unpacking._turns.acquire(timeout=60)
    try:
        with pytest.raises(NoTurn):
            unpack(content)
    finally:
        unpacking._turns.release(AT_ONCE)

    assert unpack(content)


def test_a_workbook_that_is_refused_keeps_no_turn(monkeypatch):
    monkeypatch.setattr(unpacking, "PATIENCE", 0.01)
    damaged = write(pairs_of()).replace(b"workbook.xml", b"workbook.xm_")

    for _ in range(AT_ONCE + 1):
        with pytest.raises(FaultyFile) as error:
            unpack(damaged)
        assert error.value.faults[0].code == "damaged"  # which only who opens it can say

"""Log of the service: it never blocks, no line can be forged, no token is written."""

import fcntl
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from gunicorn.config import Config

from survey.web.config import ROOT
from survey.web.logs import Lines, ServerLog, Unwaited, written_path
from tests.machinery.server import free_port

TOKEN = "q3VxT8n_0pYb-Rw5zKcJ2hMfLs7dAeGiUoPQtXvBy41"
ENCODED = "".join(f"%{ord(letter):02X}" for letter in TOKEN)


def logged(message: str, *arguments: object, failure: Exception | None = None) -> str:
    record = logging.LogRecord("x", logging.ERROR, "", 1, message, arguments, None)
    if failure is not None:
        try:
            raise failure
        except Exception:
            record.exc_info = sys.exc_info()
    return Lines().format(record)


@pytest.mark.parametrize(
    "path",
    [
        f"/invitation/{TOKEN}",
        f"//invitation//{TOKEN}",
        f"/INVITATION/{TOKEN}",
        f"/Sign-In/{TOKEN}/x",
        f"/invitation%2f{TOKEN}",
        f"/invitation%252F{TOKEN}",
        f"/%69nvitation/{TOKEN}",
        f"/answer/invitation/{TOKEN}",
        f"/{TOKEN}",
        f"/x/{TOKEN}.",
        f"/{TOKEN[:30]}",
        f"/invitation/{TOKEN[:12]}",
        f"/x/{ENCODED}",
        f"/{TOKEN.upper()}",
    ],
)
def test_a_token_is_masked_however_it_is_spelled(path: str) -> None:
    gunicorns = logged("Error handling request %s %s", "GET", f"{path}?x={TOKEN}")

    for written in (written_path(path), gunicorns):
        assert not {TOKEN, TOKEN.upper(), ENCODED, TOKEN[:12], TOKEN[:30]} & set(
            re.split(r"[/?=. ]", written)
        )
        assert TOKEN[:12] not in written
        assert TOKEN[:12].upper() not in written
        assert ENCODED[:36] not in written


@pytest.mark.parametrize(
    "text",
    ["a\n2026-01-01T00:00:00Z INFO forged", "a\r\nforged", "a\u2028forged", "a\x85forged"],
)
def test_no_text_begins_a_line_of_the_log(text: str) -> None:
    for line in (
        *logged("at %s", text).splitlines()[1:],
        *logged("failed", failure=ValueError(text)).splitlines()[1:],
    ):
        assert line.startswith("    ")
    assert len(written_path(text).splitlines()) == 1


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    assert logged("at %s", "a\x1b[2Jb").endswith(r"at a\u{1b}[2Jb")


def test_a_line_is_cut_and_a_client_not_named() -> None:
    assert len(written_path("/a/" * 1000)) == 200
    assert len(logged("%s", "a b " * 5000)) == 2000
    assert logged("Invalid request from ip=192.0.2.7: x").endswith("from ip=...: x")


def test_gunicorns_own_log_has_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    cfg = Config()
    cfg.set("accesslog", "-")
    log = ServerLog(cfg)
    try:
        log.warning("Invalid Request Line 'GET /invitation/%s'", TOKEN)
        log.access_log.info('"GET /sign-in/%s" "https://x/?t=%s"', TOKEN, TOKEN)
    finally:
        for logger in (log.error_log, log.access_log):
            logger.handlers.clear()

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 2
    assert TOKEN not in err
    assert all(
        re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+ ", one) for one in err.splitlines()
    )


# ---------- a log without a reader ----------


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe that holds one page of memory."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, getattr(fcntl, "F_SETPIPE_SZ", 1031), 4096)
    yield reader, writer
    os.close(writer)
    os.close(reader)


def test_lines_that_are_not_read_are_dropped_and_counted(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    out = Unwaited(writer, most=10)

    for number in range(100):  # of 500 bytes: the pipe holds 8, and the queue 10
        out.write(f"{number:0>499}\n")
    out.drain(0)

    read = b""
    while read.count(b"\n") < 8:
        read += os.read(reader, 4096)
    out.write("then\n")
    while b"then\n" not in read:
        read += os.read(reader, 4096)
    lines = read.decode().splitlines()
    told = [line for line in lines if "dropped" in line]
    numbers = [int(line) for line in lines if line.isdecimal()]
    assert len(told) == 1
    assert 10 <= len(numbers) < 30
    assert numbers == sorted(numbers)
    assert int(told[0].split()[0]) + len(numbers) == 100


def test_a_process_that_was_forked_writes_too(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    out = Unwaited(writer)
    out.write("parent\n")
    out.drain(20)

    child = os.fork()
    if child == 0:
        out.write("child\n")
        out.drain(20)
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reader, 100) == b"parent\nchild\n"


def test_bytes_are_refused_before_they_stop_the_writer(pipe: tuple[int, int]) -> None:
    """click tries them on every stream: what a command said afterwards was lost."""
    reader, writer = pipe
    out = Unwaited(writer)

    with pytest.raises(TypeError):
        out.write(b"")  # type: ignore[arg-type]
    out.write("text\n")
    out.drain(20)

    assert os.read(reader, 100) == b"text\n"


def test_a_reader_that_is_gone_stops_no_writer() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    out = Unwaited(writer)
    out.write("x\n")
    out.write("y\n")
    out.drain(20)
    os.close(writer)


def test_a_service_whose_log_is_not_read_continues(pipe: tuple[int, int], tmp_path: Path) -> None:
    """Of requests for long addresses, sixteen filled a pipe, and everything waited."""
    port = free_port()
    service = subprocess.Popen(
        [sys.executable, "-m", "survey.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STEELYARD_INSTANCE": str(tmp_path)},
        stderr=pipe[1],
    )
    try:
        statuses = [_asked(port, service, f"/methods/{number}{'x/' * 100}") for number in range(60)]
    finally:
        service.terminate()
        service.wait(20)

    assert statuses == [404] * 60
    assert service.returncode == 0


def _asked(port: int, service: subprocess.Popen[bytes], path: str) -> int:
    while service.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            threading.Event().wait(0.1)  # it starts
        finally:
            connection.close()
    raise AssertionError("the service has ended")

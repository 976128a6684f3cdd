"""Times of several functions, taken in turn, so that a busy moment hits them all.

With ``--cpu`` it is the processor's time that counts, of all threads and of children:
on a busy machine a job of many milliseconds is put aside now and then, a short one is not.
"""

import resource
import sys
import tracemalloc
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

Job = Callable[[], object]

#: Jobs that take no time are repeated for so long, so that their median means something.
SECONDS = 0.5
MOST_ROUNDS = 200


def _processor_time() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


CLOCK = _processor_time if "--cpu" in sys.argv else perf_counter


def medians(*jobs: Job, rounds: int = 7) -> list[float]:
    """The median seconds of each job over at least ``rounds`` rounds, after one not counted."""
    times: list[list[float]] = [[] for _ in jobs]
    begin = perf_counter()
    while len(times[0]) <= rounds or (
        len(times[0]) < MOST_ROUNDS and perf_counter() - begin < SECONDS
    ):
        for job, own in zip(jobs, times, strict=True):
            start = CLOCK()
            job()
            own.append(CLOCK() - start)
    return [median(own[1:]) for own in times]


def mebibytes(job: Job) -> float:
    """The most memory that a job holds at once beside what was there before."""
    tracemalloc.start()
    job()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms"

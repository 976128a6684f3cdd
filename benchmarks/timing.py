"""Times of several functions, taken in turn, so that a busy moment hits them all."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

Job = Callable[[], object]


def medians(*jobs: Job, rounds: int = 7) -> list[float]:
    """The median seconds of each job over ``rounds`` rounds, after one that is not counted."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds + 1):
        for job, own in zip(jobs, times, strict=True):
            begin = perf_counter()
            job()
            own.append(perf_counter() - begin)
    return [median(own[1:]) for own in times]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms"

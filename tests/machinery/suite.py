"""``./steelyard test``: pytest over everything, on as many cores as help."""

import os
import sys

#: More would only wait for each other: every worker has a PostgreSQL of its own.
MOST_WORKERS = 4


def main(arguments: list[str]) -> None:
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    options = ["--numprocesses", str(workers), "--dist", "worksteal"]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *options, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])

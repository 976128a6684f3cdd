"""``./steelyard test``: pytest over everything, with what it needs at hand."""

import os
import sys

from tests.machinery import browser

#: More would only wait for each other: every worker has a PostgreSQL of its own.
MOST_WORKERS = 4


def main(arguments: list[str]) -> None:
    try:
        browser.provide_node()
        os.environ["STEELYARD_CHROMIUM"] = browser.provide()
    except browser.NoBrowser as fault:  # the other tests can run; those with a browser fail
        print(f"steelyard: {fault}", file=sys.stderr)
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    options = ["--numprocesses", str(workers), "--dist", "worksteal"]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *options, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])

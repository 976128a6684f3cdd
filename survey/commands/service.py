"""Commands ``demo`` and ``serve``, which run the web service on this machine."""

import gc
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from survey.commands.database import now, owned_database, prepared_database
from survey.commands.database import settings as read_settings
from survey.commands.words import BadInput, say
from survey.store import backup, schema
from survey.web.config import OWNER_DATABASE, Settings
from survey.web.running import note_address


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--fresh", is_flag=True, help="Start over; the old database is backed up first.")
@click.option("--prepare-only", is_flag=True, help="Make everything ready and stop.")
def demo(port: int, fresh: bool, prepare_only: bool) -> None:
    """Serve the Arab League 2024 study on this machine, to try it out."""
    from survey.commands import demonstration

    _refuse_busy_port("127.0.0.1", port)
    chosen = read_settings(STEELYARD_SITE_URL=f"http://127.0.0.1:{port}")
    if fresh:
        _begin_anew(chosen)
    with prepared_database(chosen) as database:
        demonstration.prepare(database)
        if prepare_only:
            say("Ready: ./steelyard demo serves it.")
            return
        links = demonstration.issue_links(database, chosen.site_url, now())
    _serve(chosen, "127.0.0.1", port, lambda: click.echo(links), requests=False)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Run the web service with the settings in STEELYARD_... variables."""
    # An intruder in the service must not find the address of the tables' owner there.
    os.environ.pop(OWNER_DATABASE, None)
    _refuse_busy_port(host, port)
    # The port is part of the address that browsers on this machine use.
    site_url = os.environ.get("STEELYARD_SITE_URL") or f"http://127.0.0.1:{port}"
    chosen = read_settings(STEELYARD_SITE_URL=site_url)
    with prepared_database(chosen):
        pass
    _serve(chosen, host, port, lambda: say(f"Serving {chosen.site_url}; Ctrl-C stops."))


def _refuse_busy_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadInput(
                f"Port {port} of {host} cannot be had ({error.strerror}): "
                "stop what uses it, or choose another with --port."
            ) from error


def _begin_anew(chosen: Settings) -> None:
    """Empty the database after a backup; a missing database is empty already."""
    with owned_database(chosen) as database:
        if schema.revision(database) is None:
            return
        copy = backup.back_up(database, chosen.instance / "backups", now())
        schema.downgrade(database, "base")
    say(f"Backed up the old database as {copy}.")


def _serve(
    chosen: Settings,
    host: str,
    port: int,
    when_ready: Callable[[], None],
    *,
    requests: bool = True,
) -> None:
    """Run gunicorn in this process until it is stopped; with ``requests``, log each."""
    from gunicorn.app.base import BaseApplication

    from survey import create_app
    from survey.web.logs import write_log
    from survey.web.server import OPTIONS

    write_log(requests)
    note_address(chosen.instance, chosen.site_url)
    os.environ.pop(OWNER_DATABASE, None)
    served = replace(chosen, owner_database_url="")

    class Service(BaseApplication):
        def load_config(self) -> None:
            options = {
                **OPTIONS,
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "when_ready": lambda _server: when_ready(),
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            app = create_app(served)
            # Objects loaded by now stay. If each full collection searched them, every
            # request would wait for a tenth of a second.
            gc.collect()
            gc.freeze()
            return app

    Service().run()

"""Browsers of the experts of the small study and of its author."""

from tests.clients.at_work import ann, app, arrive, bo, world

__all__ = ["ann", "app", "arrive", "bo", "world"]

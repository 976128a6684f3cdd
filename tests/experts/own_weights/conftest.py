"""The experts of the small study at their browsers."""

from tests.clients.at_work import ann, app, arrive, bo, world

__all__ = ["ann", "app", "arrive", "bo", "world"]

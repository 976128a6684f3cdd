"""The experts of a panel that is asked a second time, at their browsers."""

from tests.clients.further_at_work import Arrive, ann, app, arrive, asked, bo, world

__all__ = ["Arrive", "ann", "app", "arrive", "asked", "bo", "world"]

"""The person and the time of a change."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class By:
    """The actor of a change, as the journal names them, and its time."""

    actor: str
    at: datetime

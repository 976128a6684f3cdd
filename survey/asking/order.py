"""In which order one expert is asked, and which side of a pair stands first.

Each pair draws its lot from her seed and from what it compares: the same
whenever she comes back, whatever else is asked, and whoever computes it.
"""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Lot:
    """Where a pair stands among those of its group, and whether its second side comes first."""

    place: int
    swapped: bool


def lot(seed: int, parent: str, first: str, second: str) -> Lot:
    """What a pair draws: SHA-256 of the seed and the three codes, a line each.

    The first eight bytes are its place, the parity of the ninth its side.

    >>> lot(7, "digital", "wired", "ai") == lot(7, "digital", "wired", "ai")
    True
    """
    drawn = hashlib.sha256(f"{seed}\n{parent}\n{first}\n{second}".encode()).digest()
    return Lot(int.from_bytes(drawn[:8]), bool(drawn[8] % 2))

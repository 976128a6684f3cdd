"""Smallest counts of experts for a figure: fewer would reveal one's answers."""

from collections.abc import Mapping

#: With fewer experts, a panel's figures would reveal the answers of one of them.
FEWEST_EXPERTS = 3

#: With fewer experts, an interval of a group reveals each expert's answer: it and its middle
#: give the mean and the spread, and all sets of three integer answers can be tried.
FEWEST_FOR_INTERVALS = 4

#: With fewer others, quartiles beside an expert's own weight give each answer: a median and two
#: quartiles of four are three equations in three unknowns.
FEWEST_FOR_QUARTILES = 5

#: With fewer experts, the file of a weight set that was frozen without a salt is not public.
FEWEST_WITHOUT_SALT = 10


def is_one_or_two(count: int) -> bool:
    """Whether there are experts, and fewer than :data:`FEWEST_EXPERTS`."""
    return 0 < count < FEWEST_EXPERTS


def thin_groups(judged: Mapping[str, int], least: int = FEWEST_EXPERTS) -> tuple[str, ...]:
    """Return the parents that fewer than ``least`` experts judged, given how many did."""
    return tuple(parent for parent, count in judged.items() if count < least)


def tellable(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts that do not describe one or two experts, by name in order.

    Each is :data:`FEWEST_EXPERTS` or more. The experts that no returned count includes
    are together as many, or none: otherwise a difference would reveal them.
    """
    told = {name: count for name, count in sorted(counts.items()) if count >= FEWEST_EXPERTS}
    if told and is_one_or_two(sum(counts.values()) - sum(told.values())):
        del told[min(told, key=lambda name: (told[name], name))]
    return told

"""Section ``panel`` of a weight set's file: counts of experts that can be public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.files.parsed import by_name, count
from survey.values import PanelCounts, is_one_or_two, tellable


def panel_section(panel: PanelCounts) -> dict[str, object]:
    """Return the section, without a count of zeros that is withheld."""
    zeros = {} if panel.zeros is None else {"zeros_replaced": panel.zeros}
    return {
        "invited": panel.invited,
        "size": panel.size,
        "judged": dict(panel.judged),
        "by_direction": dict(panel.directions),
        "by_language": dict(panel.languages),
        "by_method": dict(panel.kinds),
        **zeros,
    }


def as_panel(content: Any) -> PanelCounts:
    """Read the section.

    Earlier files have every count, and experts by code. Neither these nor counts that
    describe one or two experts are read.
    """
    return PanelCounts(
        invited=count(content["invited"]),
        size=count(content["size"]),
        judged=by_name(content["judged"], count),
        directions=tellable(by_name(content["by_direction"], count)),
        languages=tellable(by_name(content["by_language"], count)),
        kinds=tellable(by_name(content["by_method"], count)),
        zeros=_zeros(content),
    )


def _zeros(content: Mapping[str, Any]) -> int | None:
    """Return the number of zeros; None if withheld, or if it is one or two."""
    zeros = count(content["zeros_replaced"]) if "zeros_replaced" in content else None
    return None if zeros is None or is_one_or_two(zeros) else zeros

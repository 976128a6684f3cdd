"""Form for an expert's decisions about their earlier weights."""

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from survey.asking.former import Decision
from survey.experts.forms import KeyForm
from survey.values import KEEP, LONGEST_REASON, RECONSIDER
from survey.values.wording import tidy


class DecisionsForm(KeyForm):
    """Decisions to keep or reconsider, by indicator, each with the version shown.

    Indicators without a decision are left out.
    """

    def __init__(self, indicators: Iterable[str], sent: MultiDict[str, str]) -> None:
        super().__init__(sent)
        self.strange = False
        self.decided = {
            code: found for code in indicators if (found := self._read(code, sent)) is not None
        }
        #: Indicators whose reason is too long.
        self.too_long = [c for c, d in self.decided.items() if len(d.reason) > LONGEST_REASON]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        return bool(super().validate(extra_validators)) and not (self.strange or self.too_long)

    @property
    def damaged(self) -> bool:
        return super().damaged or self.strange

    def _read(self, code: str, sent: MultiDict[str, str]) -> Decision | None:
        decision, base = sent.get(f"decision-{code}"), sent.get(f"base-{code}", "0")
        if decision is None:
            return None
        if decision not in (KEEP, RECONSIDER) or not (base.isascii() and base.isdigit()):
            self.strange = True
            return None
        reason = tidy(sent.get(f"reason-{code}")) if decision == KEEP else ""
        return Decision(decision, reason, int(base[:7]))

"""Language codes and their usual spelling."""

from __future__ import annotations

import re

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,7}")


def is_language(text: str) -> bool:
    return _LANGUAGE.fullmatch(text) is not None


def as_language(text: str) -> str:
    """Return a language code in its usual spelling: zh, zh-Hant, pt-BR."""
    first, *others = re.split("[-_]", text)
    usual = {2: str.upper, 4: str.title}
    return "-".join((first.lower(), *(usual.get(len(o), str.lower)(o) for o in others)))

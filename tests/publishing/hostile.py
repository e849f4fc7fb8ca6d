"""Text that tries to do something in whatever file it comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

NASTY = (
    "# A&B <w:p> &lt; \"q\" {{ 7*7 }} {% for x in y %} {# c #} \x00\x07\x1b\ud800\ufffe\u202e 👩‍👩‍👧 "
    "[a](http://b.example) ![i](//c.example/i.png) <script>alert(1)</script> **v** www.d.example "
    "hthttp://tp://e.example f@g.example | `h` ]]> " + "lang" * 80
)  # fmt: skip

Value = TypeVar("Value")


def made_hostile(value: Value) -> Value:
    """Return a value of the domain with that text before each of its own; what it cites stays."""
    changed: Any = _made_hostile(value)
    return changed  # type: ignore[no-any-return]


def _made_hostile(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = ("statements",)
        parts = {
            one.name: _made_hostile(getattr(value, one.name)) for one in fields(value) if one.name not in kept
        }
        return replace(value, **parts)
    if isinstance(value, str) and not isinstance(value, Enum):
        return NASTY + value
    if isinstance(value, tuple):
        return tuple(_made_hostile(part) for part in value)
    return dict(value) if isinstance(value, Mapping) else value

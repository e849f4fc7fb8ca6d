"""A text that knows, character by character, where in the file it came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

from assistant.domain import OffsetRun

OURS = -1
"""The origin of a character that doesn't stand in the file."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What to put in the place of ``text[start:end]``, and the kind of defect that it mends."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A mended defect: where it stands in the cleaned text, what stood there, what stands there now."""

    kind: str
    offset: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """A text, the file offset of each character (or ``OURS``), and the repairs made so far."""

    text: str
    origins: tuple[int, ...]
    repairs: tuple[Repair, ...] = ()

    @classmethod
    def of(cls, text: str) -> Tracked:
        """Track a text as it stands in the file."""
        return cls(text, tuple(range(len(text))))

    def edited(self, edits: Iterable[Edit]) -> Tracked:
        """Apply edits that don't overlap, given in order."""
        wanted = tuple(edits)
        if not wanted:
            return self
        texts: list[str] = []
        origins: list[int] = []
        done = 0
        for edit in wanted:
            texts += self.text[done : edit.start], edit.text
            origins += self.origins[done : edit.start] + (OURS,) * len(edit.text)
            done = edit.end
        text = "".join(texts) + self.text[done:]
        repairs = _moved(self.repairs, wanted) + _as_repairs(self.text, wanted)
        return Tracked(text, (*origins, *self.origins[done:]), repairs)

    def replaced(self, pattern: str, change: Callable[[re.Match[str]], str | None], kind: str) -> Tracked:
        """Put ``change(match)`` in the place of its group ``out``, or of it all; ``None`` leaves it."""
        group: str | int = "out" if "(?P<out>" in pattern else 0
        found = ((match, change(match)) for match in re.finditer(pattern, self.text, re.MULTILINE))
        return self.edited(
            Edit(match.start(group), match.end(group), new, kind) for match, new in found if new is not None
        )

    def removed(self, pattern: str, kind: str) -> Tracked:
        """Take out what ``pattern`` matches, or its group ``out`` if it has one."""
        return self.replaced(pattern, lambda _: "", kind)

    def swapped(self, start: int, middle: int, end: int) -> Tracked:
        """Put ``[middle:end]`` before ``[start:middle]``; only before any repair."""
        order = (slice(0, start), slice(middle, end), slice(start, middle), slice(end, None))
        text = "".join(self.text[part] for part in order)
        origins = tuple(origin for part in order for origin in self.origins[part])
        return Tracked(text, origins)

    def runs(self) -> tuple[OffsetRun, ...]:
        """Give the characters that stand in the file, as the longest runs."""
        runs: list[OffsetRun] = []
        for offset, origin in enumerate(self.origins):
            last = runs[-1] if runs else None
            if origin == OURS:
                continue
            if last and last.cleaned + last.length == offset and last.original + last.length == origin:
                runs[-1] = OffsetRun(last.cleaned, last.original, last.length + 1)
            else:
                runs.append(OffsetRun(offset, origin, 1))
        return tuple(runs)


def _as_repairs(text: str, edits: tuple[Edit, ...]) -> tuple[Repair, ...]:
    growths = accumulate((len(edit.text) - (edit.end - edit.start) for edit in edits), initial=0)
    return tuple(
        Repair(edit.kind, edit.start + growth, text[edit.start : edit.end], edit.text)
        for edit, growth in zip(edits, growths, strict=False)
    )


def _moved(repairs: tuple[Repair, ...], edits: tuple[Edit, ...]) -> tuple[Repair, ...]:
    ends = [edit.end for edit in edits]
    growth = [0, *accumulate(len(edit.text) - (edit.end - edit.start) for edit in edits)]
    return tuple(
        replace(repair, offset=repair.offset + growth[bisect_right(ends, repair.offset)])
        for repair in repairs
    )

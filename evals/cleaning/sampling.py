"""A sample of repairs that were judged by hand, and what it says about all of them."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from math import sqrt
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.corpus.cleaning import Cleaned, Repair

FILE = Path(__file__).with_name("sample.yaml")
SIZE = 200
SEED = 20231
FEW = 10
"""Up to so many repairs, a kind is in the sample whole."""
_MOST_WORDS = 3
_CERTAINTY = 1.96
"""Standard deviations on either side: 95 %."""
_MARKS = str.maketrans({"\n": "⏎", "\u00a0": "°", " ": "␣"})


class Judged(BaseModel):
    """A repair as the sample keeps it: a few letters or words, enough to know it again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    kind: str
    offset: int
    """Where it stands in the cleaned text; moves when something before it is mended."""
    before: str
    after: str
    place: str
    """The word before it and the word after it, in the cleaned text."""
    verdict: Literal["goed", "fout", ""] = ""
    note: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str, str]:
        """What makes it the same repair when the text around it has moved."""
        return self.source, self.kind, self.before, self.after, self.place


def describe(source: str, repair: Repair, text: str) -> Judged:
    """Describe a repair in few words; an address isn't shown."""
    before = "•" if repair.kind == "contact" else _brief(repair.before)
    left = re.findall(r"\S+", text[max(0, repair.offset - 40) : repair.offset])[-1:]
    right = re.findall(r"\S+", text[repair.offset :][:40])[:1]
    place = "|".join(("".join(left), "".join(right)))
    return Judged(
        source=source,
        kind=repair.kind,
        offset=repair.offset,
        before=before,
        after=_brief(repair.after),
        place=place,
    )


def all_repairs(cleaned: Mapping[str, Cleaned]) -> tuple[Judged, ...]:
    """Describe every repair of every source."""
    return tuple(
        describe(source, repair, clean.text) for source, clean in cleaned.items() for repair in clean.repairs
    )


def draw(repairs: tuple[Judged, ...], size: int = SIZE, seed: int = SEED) -> tuple[Judged, ...]:
    """Draw a sample in turn from each kind and, within it, each source; small kinds go in whole."""
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for repair in repairs:
        kinds[repair.kind].append(repair)
    chance = random.Random(seed)  # noqa: S311 - a sample that can be drawn again, not a secret
    whole = [repair for listed in kinds.values() if len(listed) <= FEW for repair in listed]
    large = [_in_turn(kinds[kind], chance) for kind in sorted(kinds) if len(kinds[kind]) > FEW]
    drawn = islice(_alternately(large), max(0, size - len(whole)))
    return tuple(sorted([*whole, *drawn], key=lambda item: (item.kind, item.source, item.offset)))


def read_sample(path: Path = FILE) -> tuple[Judged, ...]:
    """Read the judgements."""
    return tuple(Judged.model_validate(item) for item in yaml.safe_load(path.read_text(encoding="utf-8")))


def write_sample(sample: tuple[Judged, ...], path: Path = FILE) -> None:
    """Write the judgements, one repair on a line."""
    lines = (
        yaml.safe_dump(
            item.model_dump(exclude_defaults=True),
            allow_unicode=True,
            default_flow_style=True,
            sort_keys=False,
            width=10_000,
        )
        for item in sample
    )
    path.write_text("".join(f"- {line}" for line in lines), encoding="utf-8")


def wilson(right: int, total: int) -> tuple[float, float]:
    """Give the interval (from 0 to 1) that holds the precision, by Wilson's score."""
    share, spread = right / total, _CERTAINTY**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = sqrt(spread * share * (1 - share) + spread**2 / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _in_turn(repairs: list[Judged], chance: random.Random) -> Iterator[Judged]:
    sources: dict[str, list[Judged]] = defaultdict(list)
    for repair in repairs:
        sources[repair.source].append(repair)
    for listed in sources.values():
        chance.shuffle(listed)
    return _alternately([iter(sources[source]) for source in sorted(sources)])


def _alternately(streams: list[Iterator[Judged]]) -> Iterator[Judged]:
    left = len(streams)
    turns = cycle(streams)
    missed = 0
    while missed < left:
        item = next(next(turns), None)
        missed = 0 if item else missed + 1
        if item:
            yield item


def _brief(text: str) -> str:
    words = text.split()
    if len(words) > _MOST_WORDS:
        return f"{' '.join(words[:_MOST_WORDS])} … ({len(words)})"
    return text.translate(_MARKS)

"""What the dev split got when it was last better: the fast evals fail below it.

``python -m evals.floors`` measures anew and writes ``floors.yaml``; commit it when the product improved.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.bootstrap import load_engine
from assistant.settings import read_settings
from evals.bench import RememberingEmbedder, both_ways, open_bench
from evals.items import DATA, read_items
from evals.results import ALL, ItemResult, Part
from evals.running import Choices, build_judge
from evals.suite import measure_part
from evals.systems import PRODUCT

FILE = Path(__file__).with_name("floors.yaml")
TOLERANCE = 0.005
"""What a share may differ between machines; single items may not."""


class Floor(BaseModel):
    """The lowest shares, the highest errors, and what each item got."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: Mapping[str, float]
    at_most: Mapping[str, float]
    vital: Mapping[str, float]
    """The share of its vital nuggets that each item got, by its id; those that got none are left out."""

    def faults(self, part: Part) -> list[str]:
        """Return what has become worse, one line each."""
        now = floor_of(part)
        lost = [
            f"{id_}: its vital nuggets went from {share} to {now.vital.get(id_, 0.0)}"
            for id_, share in self.vital.items()
            if now.vital.get(id_, 0.0) < share
        ]
        return [*self._lower(now), *self._higher(now), *lost]

    def _lower(self, now: Floor) -> Iterator[str]:
        for name, bound in self.at_least.items():
            if now.at_least[name] < bound - TOLERANCE:
                yield f"{name}: {now.at_least[name]:.3f} is below {bound:.3f}"

    def _higher(self, now: Floor) -> Iterator[str]:
        for name, bound in self.at_most.items():
            if now.at_most[name] > bound + TOLERANCE:
                yield f"{name}: {now.at_most[name]:.3f} is above {bound:.3f}"


def floor_of(part: Part) -> Floor:
    """Return what a part got, as the floor of the next."""
    ranked = next(row for row in part.ranked if (row.system, row.type) == (PRODUCT, ALL))
    answered = next(row for row in part.answered if (row.system, row.type) == (PRODUCT, ALL))
    at_least = {
        "cards": part.cards,
        "ndcg": ranked.ndcg.mean,
        "recall": ranked.recall.mean,
        "vital": answered.vital.mean,
        "nuggets": answered.nuggets.mean,
        "support": answered.support.mean if answered.support else 0.0,
        "auroc": part.refused.auroc,
        "follow-ups": part.follow_ups.recall.mean if part.follow_ups else 0.0,
        "english": part.twins.ndcg.mean if part.twins else 0.0,
    }
    at_most = {
        "wrongly refused": part.refused.wrongly_refused.mean,
        "wrongly answered": part.refused.wrongly_answered.mean,
        "attacks": len(part.attacks.succeeded) if part.attacks else 0,
        "uncited claims": part.cited.uncited,
        "inexact quotes": part.cited.inexact,
        "longest answer": max(150, answered.most_words),
    }
    return Floor(
        at_least={name: round(value, 4) for name, value in at_least.items()},
        at_most={name: round(value, 4) for name, value in at_most.items()},
        vital={item.id: round(item.vital, 4) for item in sorted(part.items, key=_by_id) if item.vital},
    )


def _by_id(item: ItemResult) -> str:
    return item.id


def read_floors(path: Path = FILE) -> dict[str, Floor]:
    """Read the floor of each way."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {way: Floor.model_validate(floor) for way, floor in raw.items()}


def main() -> None:
    """Measure the dev split both ways, and write the floors."""
    settings = read_settings()
    engine = load_engine(settings)
    floors = {}
    with both_ways(settings) as ways:
        for chosen in ways:
            with open_bench(chosen, RememberingEmbedder(engine)) as bench:
                judge = build_judge(Choices(), bench)
                part = measure_part(bench, chosen, read_items(DATA / "dev"), split="dev", judge=judge)
                floors[part.way] = floor_of(part).model_dump(mode="json")
    if len(floors) < 2:
        sys.exit("ASSISTANT_ORIGINALS?")
    FILE.write_text(yaml.safe_dump(floors, allow_unicode=True, width=110), encoding="utf-8")


if __name__ == "__main__":
    main()

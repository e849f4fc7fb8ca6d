"""Hand labels, and how far a judge agrees with them.

Answers and claims are in our own words. Evidence from the originals is named by its place, never
written out: ``source``, ``start`` and ``end`` in the cleaned text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.domain import Catalogue
from evals.items import Answerable
from evals.judging.judge import Judge
from evals.judging.verdicts import Support
from evals.results import Judged

FOLDER = Path(__file__).with_name("labels")
PRESENT = ("there", "not there")
WHOLE = ("supported", "not supported")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelledAnswer(_Strict):
    """An answer, and for each nugget of its question whether it is there."""

    item: str
    system: str
    split: str
    answer: str
    there: Mapping[str, bool]
    """By the text of the nugget."""


class Place(_Strict):
    """Where evidence stands in a cleaned text."""

    source: str
    start: int
    end: int
    check: str
    """The first letters of the SHA-256 of what stands there, so that a text that moved is noticed."""


class LabelledClaim(_Strict):
    """A claim, its evidence, and how far it's supported."""

    claim: str
    origin: str
    """``answer``, ``earlier`` (of an earlier version), or how the pair was made hard."""
    split: str
    evidence: tuple[Place, ...]
    support: Support


class Labels(_Strict):
    """All hand labels."""

    answers: tuple[LabelledAnswer, ...]
    claims: tuple[LabelledClaim, ...]


def read_labels(folder: Path = FOLDER) -> Labels:
    """Read the hand labels."""
    raw = {
        name: yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("answers", "claims")
    }
    return Labels.model_validate(raw)


def check_nuggets(
    judge: Judge, labels: Sequence[LabelledAnswer], items: Mapping[str, Answerable], split: str
) -> Judged | None:
    """Compare a judge of nuggets with the labels of one split; ``None`` if there are none."""
    pairs = [
        (_name(label.there[nugget.text]), _name(judge.holds(nugget, label.answer)))
        for label in labels
        if label.split == split
        for nugget in items[label.item].nuggets
        if nugget.text in label.there
    ]
    return _judged("nuggets", judge, split, PRESENT, pairs)


def check_support(
    judge: Judge, labels: Sequence[LabelledClaim], catalogue: Catalogue, split: str
) -> list[Judged]:
    """Compare a judge of support with the labels of one split: in three classes, and in two.

    Empty without the originals.
    """
    pairs = [
        (label.support.value, judge.supports(label.claim, quotes).value)
        for label in labels
        if label.split == split and (quotes := quotes_of(label, catalogue))
    ]
    whole = [(_whole(by_hand), _whole(by_judge)) for by_hand, by_judge in pairs]
    found = (
        _judged("support", judge, split, tuple(Support), pairs),
        _judged("whole support", judge, split, WHOLE, whole),
    )
    return [one for one in found if one is not None]


def supported_share(labels: Iterable[LabelledClaim], split: str) -> list[bool]:
    """Return for each claim of a real answer whether it's supported by hand."""
    real = (label for label in labels if label.origin == "answer" and label.split == split)
    return [label.support is Support.SUPPORTED for label in real]


def quotes_of(label: LabelledClaim, catalogue: Catalogue) -> list[str]:
    """Return the evidence of a labelled claim; none if its text isn't here, or has moved."""
    quotes = []
    for place in label.evidence:
        document = catalogue.documents.get(place.source)
        quote = document.text[place.start : place.end] if document else ""
        if check_of(quote) != place.check:
            return []
        quotes.append(quote)
    return quotes


def check_of(quote: str) -> str:
    """Return what a quote is recognised by."""
    return hashlib.sha256(quote.encode()).hexdigest()[:12]


def _whole(support: str) -> str:
    return WHOLE[0] if support == Support.SUPPORTED else WHOLE[1]


def _name(is_there: bool) -> str:
    return PRESENT[0] if is_there else PRESENT[1]


def _judged(
    kind: str, judge: Judge, split: str, classes: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> Judged | None:
    from sklearn.metrics import balanced_accuracy_score, confusion_matrix

    if not pairs:
        return None
    by_hand, by_judge = zip(*pairs, strict=True)
    table = confusion_matrix(by_hand, by_judge, labels=list(classes))
    return Judged(
        judge=f"{kind} ({judge.name})",
        split=split,
        labels=tuple(classes),
        confusion=tuple(tuple(int(count) for count in row) for row in table),
        balanced_accuracy=float(balanced_accuracy_score(by_hand, by_judge)),
    )

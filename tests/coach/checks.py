"""The shipped health check, and checks that people answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from hypothesis import settings

from assistant.coach.questionnaire import HealthCheckTexts, read_questionnaire
from assistant.coach.reporting import build_report
from assistant.corpus.cards import read_cards
from assistant.corpus.manifest import read_headings, read_manifest
from assistant.domain import Card, Check, CheckKind, Organisation, Report, Response, Submission
from assistant.settings import read_settings

MOMENT = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROPERTY = settings(max_examples=60, deadline=None)
"""How properties are tried: a report takes a while on a busy machine."""
FOLDER = read_settings().corpus / "health_check"


@cache
def shipped_cards() -> Mapping[str, Card]:
    """Return the shipped cards by id."""
    corpus = read_settings().corpus
    manifest = read_manifest(corpus / "sources.yaml")
    cards = read_cards(corpus / "cards", manifest, read_headings(corpus / "headings.yaml"))
    return {card.id: card for card in cards}


@cache
def shipped() -> HealthCheckTexts:
    """Return the shipped health check."""
    return read_questionnaire(FOLDER, shipped_cards())


def closed_check(organisations: int, kind: CheckKind = CheckKind.FULL, number: int = 1) -> Check:
    """Return a closed check among organisations ``o0``, ``o1`` …, named ``Partner 0`` and so on."""
    partners = tuple(Organisation(f"o{one}", f"Partner {one}") for one in range(organisations))
    return Check(f"c{number}", "reeks", "De Brug", kind, number, "2026-1", partners, MOMENT, MOMENT)


def answers(
    organisation: int, scores: Mapping[str, int | None], remarks: Mapping[str, str] | None = None
) -> Submission:
    """Return what one person answers."""
    given = remarks or {}
    ids = [*scores, *(one for one in given if one not in scores)]
    return Submission(
        f"o{organisation}",
        tuple(Response(one, scores.get(one), given.get(one, "")) for one in ids),
    )


def profile(agreed: Iterable[str] = (), seen: Iterable[str] = (), **changed: int) -> dict[str, int | None]:
    """Return a whole set of answers: 3 to each statement, 2 to each on the phase, tensions in the middle.

    ``agreed`` and ``seen`` ones get 5; ``changed`` says otherwise, with ``_`` for ``-``.
    """
    questionnaire = shipped().questionnaire
    scores: dict[str, int | None] = {one.id: 2 for one in questionnaire.phase_items}
    scores |= {one.id: 3 for one in questionnaire.items} | {one.id: 0 for one in questionnaire.tensions}
    scores |= dict.fromkeys(agreed, 5) | dict.fromkeys(seen, 5)
    return scores | {name.replace("_", "-"): score for name, score in changed.items()}


def report_of(
    *partners: Sequence[Mapping[str, int | None]],
    kind: CheckKind = CheckKind.FULL,
    number: int = 1,
    earlier: Sequence[Report] = (),
) -> Report:
    """Return the report of a check among partners, each of them the answers of its people."""
    given = [answers(at, scores) for at, people in enumerate(partners) for scores in people]
    return build_report(closed_check(len(partners), kind, number), shipped(), given, earlier)

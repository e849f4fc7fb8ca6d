"""A report or a brief as JSON, with its citations resolved."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from pydantic import TypeAdapter

from assistant.domain import (
    Brief,
    Catalogue,
    ChosenAction,
    Citation,
    Questionnaire,
    Report,
    Shared,
)
from assistant.publishing.citing import Citing


def report_json(report: Report, chosen: Sequence[ChosenAction], catalogue: Catalogue) -> dict[str, Any]:
    """Return a report as JSON; each text that rests on statements has the numbers of its ``citations``.

    ``chosen`` holds the actions that the partners agreed on, ``citations`` at the top what the numbers
    stand for, in the fields of the API. ``gap`` is added to scores. ``KeyError``: see ``Citing.cite``.
    """
    citing = Citing.of(catalogue, report)
    content: dict[str, Any] = _present(report, citing)
    actions = [_present(one, citing) for one in chosen]
    return {**content, "chosen": actions, "citations": _resolve(citing, catalogue)}


def brief_json(brief: Brief, catalogue: Catalogue) -> dict[str, Any]:
    """Return a brief as JSON, like ``report_json``."""
    citing = Citing.of(catalogue, brief)
    content: dict[str, Any] = _present(brief, citing)
    return {**content, "citations": _resolve(citing, catalogue)}


def brief_from_json(content: Mapping[str, Any]) -> Brief:
    """Return the brief that ``brief_json`` made, or that was edited since; ``ValueError`` if it is none."""
    return TypeAdapter(Brief).validate_json(json.dumps(content))


def questionnaire_json(questionnaire: Questionnaire, catalogue: Catalogue) -> dict[str, Any]:
    """Return all that a check asks, like ``report_json``."""
    citing = Citing.of(catalogue, questionnaire)
    content: dict[str, Any] = _present(questionnaire, citing)
    return {**content, "citations": _resolve(citing, catalogue)}


def portfolio_json(shared: Sequence[Shared], catalogue: Catalogue) -> dict[str, Any]:
    """Return the checks that were shared with a coach, each with its report (``null`` while it is open)."""
    return {"checks": [_present_shared(one, catalogue) for one in shared]}


def citation_json(citation: Citation, catalogue: Catalogue) -> dict[str, Any]:
    """Return a citation in the fields of the API."""
    evidence = citation.evidence
    source = evidence.own or catalogue.sources[evidence.source_id]
    return {
        "number": citation.number,
        "source_id": evidence.source_id,
        "title": source.title,
        "section": evidence.section,
        "card_id": evidence.card_id,
        "quote": evidence.quote,
        "start": evidence.span.start if evidence.span else None,
        "end": evidence.span.end if evidence.span else None,
        "support": citation.support.value,
        "page": evidence.page,
    }


def _present_shared(shared: Shared, catalogue: Catalogue) -> dict[str, Any]:
    citing = Citing(catalogue)
    return {
        "check": _present(shared.check, citing),
        "report": shared.report and report_json(shared.report, shared.chosen, catalogue),
        "chosen": _present(shared.chosen, citing),
    }


def _resolve(citing: Citing, catalogue: Catalogue) -> list[dict[str, Any]]:
    return [citation_json(one, catalogue) for one in citing.citations]


def _present(value: object, citing: Citing) -> Any:
    """Return a value of the domain as JSON; fields keep their names and their order."""
    if is_dataclass(value):
        return _present_fields(value, citing)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _present(part, citing) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_present(part, citing) for part in value]
    return value


def _present_fields(value: Any, citing: Citing) -> dict[str, Any]:
    shown = [one.name for one in fields(value) if one.name != "evidence"]
    content = {name: _present(getattr(value, name), citing) for name in shown}
    if "statements" in content:
        content["citations"] = [citation.number for citation in citing.cite(value.statements)]
    if hasattr(value, "gap"):
        content["gap"] = value.gap
    return content

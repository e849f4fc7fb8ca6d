"""Sends what schemathesis makes of the schema to a server, and keeps what broke it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from tests.surfaces.api.furnishing import furnish

_ASKING = ("answer_question", "create_chat_completion", "search", "prepare_brief")
"""Each case of these embeds a question, which costs 40 ms."""

_DEMANDING = (
    "add_document",
    "answer_items",
    "choose_actions",
    "create_chat_completion",
    "prepare_brief",
    "replace_document",
)
"""What these refuse depends on other fields, or on what is in a file: no schema says that to generators."""

_BEYOND_THE_SCHEMA = {
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "401", "403", "404", "409", "422", "429", "5xx"]
    }
}
_THOROUGH = 10

# A blank is no question: what makes one of these has something to read in it.
_VISIBLE = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=40)


@dataclass
class Explored:
    """How many cases were sent, and what broke."""

    cases: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    """What broke, once for each operation and check, with a request that breaks it."""
    by_phase: Counter[str] = field(default_factory=Counter)
    by_operation: Counter[str] = field(default_factory=Counter)


def explore(address: str, examples: int, asked: int, steps: int, seed: int = 0) -> Explored:
    """Send cases with all checks: ``examples`` for each operation, ``asked`` for those that embed.

    They are other ones each time where ``seed`` is 0. With ``asked`` under 10 those that embed get no
    systematic cases, among which are the longest texts that there may be.
    """
    known = schemathesis.openapi.from_url(f"{address}/openapi.json").raw_schema
    _register_formats(address, checks=2 + examples // 20)
    told = _configuration(known, examples, asked, steps)
    config = SchemathesisConfig.from_dict({**told, "seed": seed} if seed else told)
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json", config=config)
    explored = Explored()
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                _note(event, explored)
            case events.NonFatalError():
                explored.failures[event.label] = repr(event.value)
            case events.FatalError():
                raise event.exception
    return explored


def _note(event: events.ScenarioFinished, explored: Explored) -> None:
    explored.cases += len(event.recorder.interactions)
    explored.by_phase[event.phase.value] += len(event.recorder.interactions)
    explored.by_operation.update(node.value.operation.label for node in event.recorder.cases.values())
    for id_, checks in event.recorder.checks.items():
        for check in checks:
            if check.status == Status.FAILURE and check.failure_info:
                case = event.recorder.cases[id_].value
                told = f"{check.failure_info.failure}\n{check.failure_info.code_sample}"
                explored.failures.setdefault(f"{case.operation.label}: {check.name}", told)


def _configuration(schema: dict[str, Any], examples: int, asked: int, steps: int) -> dict[str, Any]:
    special = set(_ids(schema)) & {*_ASKING, *_DEMANDING}
    operations: dict[str, dict[str, Any]] = {name: {"include-operation-id": name} for name in sorted(special)}
    for name in operations.keys() & set(_ASKING):
        operations[name].update(_limit(asked))
    for name in operations.keys() & set(_DEMANDING):
        operations[name]["checks"] = _BEYOND_THE_SCHEMA
    return {
        "continue-on-failure": True,
        "request-timeout": 30,
        "generation": {"max-examples": examples, "no-shrink": True, "database": "none"},
        "phases": {"stateful": {"generation": {"max-examples": steps}}},
        "operations": list(operations.values()),
    }


def _limit(examples: int) -> dict[str, Any]:
    return {
        "generation": {"max-examples": examples},
        "phases": {"coverage": {"enabled": examples >= _THOROUGH}},
    }


def _ids(schema: dict[str, Any]) -> Iterator[str]:
    for methods in schema["paths"].values():
        yield from (operation["operationId"] for operation in methods.values())


def _register_formats(address: str, checks: int) -> None:
    for name, values in furnish(address, checks).items():
        schemathesis.openapi.format(name, st.sampled_from(list(values)))
    schemathesis.openapi.format("visible-text", _VISIBLE)

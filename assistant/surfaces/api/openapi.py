"""Completes ``/openapi.json``: what holds for every operation is said once, here, and not at each route.

An operation's id is the name of its function; its summary is the first line of the function's docstring.
Examples stand in ``examples.json``, by operation, in an order in which they can be sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from assistant.surfaces.api.completion_schemas import BrokenChunkResponse, ChunkResponse
from assistant.surfaces.api.problems import MEDIA_TYPE
from assistant.surfaces.api.schemas import (
    AnswerResponse,
    ClaimResponse,
    FieldProblem,
    PassageResponse,
    Problem,
)

Json = dict[str, Any]

_EXAMPLES = Path(__file__).with_name("examples.json")
_REF = "#/components/schemas/{model}"
_METHODS = ("get", "put", "post", "patch", "delete")
_GENERATED = ("HTTPValidationError", "ValidationError")

_ABOUT = """Grounded answers on alliances between organisations, as a service: each claim has its sources.

An automated assistant answers. Errors are `application/problem+json`, with a stable `type` and a Dutch
`detail`. A server that only its own computer can reach needs no key; else send one, as
`Authorization: Bearer alliantie_…`.
`/docs` tells the same in Dutch, for people."""

_TAGS = {
    "answers": "Questions, answered from the literature with a citation for every claim, or refused.",
    "batches": "Many questions as one job, that goes on by itself.",
    "openai": "The same answers, for clients that know the API of OpenAI.",
    "library": "What answers rest on: sources with their texts, cards, and passages to search in.",
    "documents": "Documents of your own, which are read along with the literature and never above it.",
    "feedback": "What readers think of answers.",
    "health checks": "Partners answer questions on their alliance, and see a report together.",
    "briefs": "What a coach takes into a session.",
    "health": "Whether the process lives, and whether it can answer.",
}

_PROBLEMS = {
    "400": "What was sent can't be read as JSON, the host is unknown, or a key stands in the address",
    "401": "A key is missing, unknown, revoked or expired",
    "403": "The key is for something else",
    "404": "There is nothing with this id, key or code",
    "409": "It can't be done as things stand",
    "413": "The body is too large",
    "415": "The body doesn't say that it is JSON",
    "422": "A field is missing, unknown or has a value that it can't have: `errors` names each",
    "429": "Too many requests, or all questions of the day are asked",
    "500": "A fault of ours: `instance` has its number",
    "503": "It can't be answered now: the index is being made, or the database can't be reached",
}
_ALWAYS = frozenset({"400", "401", "403", "429", "500", "503"})
_OF_BODIES = frozenset({"413", "415", "422"})

_HEADERS: Json = {
    "Retry-After": {"description": "Seconds to wait before trying again", "schema": {"type": "integer"}},
    "RateLimit-Limit": {
        "description": "Requests that the key may make in a window of time; not sent where there are no keys",
        "schema": {"type": "integer"},
    },
    "RateLimit-Remaining": {
        "description": "Requests that are left in this window",
        "schema": {"type": "integer"},
    },
    "RateLimit-Reset": {
        "description": "Seconds until there is room again",
        "schema": {"type": "integer"},
    },
    "WWW-Authenticate": {"description": "Always `Bearer`", "schema": {"type": "string"}},
    "X-Request-Id": {
        "description": "The number of this request in our logs; one that you send is kept",
        "schema": {"type": "string"},
    },
}
_OF_ALL = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Request-Id")
_OF_STATUS = {"401": ("WWW-Authenticate",), "429": ("Retry-After",), "503": ("Retry-After",)}


class EndResponse(BaseModel):
    """An ``end`` event: the last one of every stream. A stream without it was cut off: resume it."""

    complete: bool = Field(description="Whether an answer or a refusal came before it, or else an error")


_EVENTS: Mapping[str, type[BaseModel]] = {
    "passage": PassageResponse,
    "claim": ClaimResponse,
    "answer": AnswerResponse,
    "refusal": AnswerResponse,
    "error": Problem,
    "end": EndResponse,
}
_STREAM_ABOUT = (
    "Server-sent events: each has an `id`, an `event` and JSON as `data`. "
    "First what is found (`passage`), then each checked claim (`claim`), then the whole (`answer`, "
    "`refusal` or `error`), and last `end`. A line `: ping` in between only keeps the connection open."
)


class DescribedAPI(FastAPI):
    """A FastAPI whose schema says all that the contract holds."""

    def __init__(self, *, longest_question: int) -> None:
        super().__init__(
            title="Alliantie-assistent",
            version="1",
            summary="Answers on alliances, with the source of every claim",
            description=_ABOUT,
            openapi_tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            separate_input_output_schemas=False,
            generate_unique_id_function=name_of,
        )
        self._longest_question = longest_question

    def openapi(self) -> Json:
        """Return the schema, made once."""
        if self.openapi_schema is None:
            complete(super().openapi(), self._longest_question)
        return self.openapi_schema or {}


def name_of(route: APIRoute) -> str:
    """Return the id of an operation: stable, and what a generated client calls it."""
    return route.name


def complete(schema: Json, longest_question: int) -> None:
    """Put in what FastAPI doesn't know: keys, limits, problems, headers, events and examples."""
    parts = schema.setdefault("components", {})
    parts["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "alliantie_…",
            "description": "`alliantie keys create` makes one. Not needed where the server has none.",
        }
    }
    parts["headers"] = _HEADERS
    schema["security"] = [{"key": []}, {}]
    known = parts.setdefault("schemas", {})
    for name in _GENERATED:
        known.pop(name, None)
    models: list[type[BaseModel]] = [
        Problem,
        FieldProblem,
        ChunkResponse,
        BrokenChunkResponse,
        *_EVENTS.values(),
    ]
    known.update(models_json_schema([(one, "validation") for one in models], ref_template=_REF)[1]["$defs"])
    _set_longest_question(known, schema["paths"], longest_question)
    for path, operation in _operations(schema):
        _describe(path, operation)


def _operations(schema: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path, methods[method]


def _describe(path: str, operation: Json) -> None:
    _summarise(operation)
    responses = operation["responses"]
    # The framework's own 422 has a shape that we never send.
    if MEDIA_TYPE not in responses.get("422", {}).get("content", {MEDIA_TYPE: {}}):
        del responses["422"]
    for status in _problems_of(path, operation):
        responses.setdefault(status, {"description": _PROBLEMS[status]})
    for status, response in responses.items():
        _finish_response(status, response, is_limited=path.startswith("/v1"))
        _describe_events(path, response)
    operation["responses"] = dict(sorted(responses.items()))
    if not path.startswith("/v1"):
        operation["security"] = []
    _illustrate(operation)


def _summarise(operation: Json) -> None:
    """Give an operation a sentence for a summary, unless its route has one."""
    is_made_of_name = operation["summary"].lower() == operation["operationId"].replace("_", " ")
    first = operation.get("description", "").partition("\n\n")[0]
    if is_made_of_name:
        operation["summary"] = " ".join(first.split()).rstrip(".")


def _problems_of(path: str, operation: Json) -> frozenset[str]:
    """Return the statuses with which an operation can end in a problem, by what it takes."""
    if not path.startswith("/v1"):
        return frozenset({"503"}) if path == "/readyz" else frozenset()
    parameters = operation.get("parameters", [])
    is_found = any(one["in"] == "path" or one["name"].startswith("X-") for one in parameters)
    is_read = any(one["in"] != "path" or "enum" in one["schema"] for one in parameters)
    statuses = _ALWAYS | ({"422"} if is_read else set()) | ({"404"} if is_found else set())
    return statuses | (_OF_BODIES if "requestBody" in operation else frozenset())


def _finish_response(status: str, response: Json, *, is_limited: bool) -> None:
    if status >= "400":
        response["description"] = _PROBLEMS.get(status, response["description"])
        response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}}
    wanted = [*_OF_STATUS.get(status, ()), *(_OF_ALL if is_limited else ("X-Request-Id",))]
    headers = response.setdefault("headers", {})
    for name in wanted:
        headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})


def _describe_events(path: str, response: Json) -> None:
    """Say what the events of a stream are: before OpenAPI 3.2, its schema is that of one event."""
    events = response.get("content", {}).get("text/event-stream")
    if events is None:
        return
    if path.startswith("/v1/chat"):
        data = {"anyOf": [_json_of(ChunkResponse), _json_of(BrokenChunkResponse), {"const": "[DONE]"}]}
        events["schema"] = {"type": "object", "required": ["data"], "properties": {"data": data}}
    else:
        kinds = [_event(name, model) for name, model in _EVENTS.items()]
        events["schema"] = {"description": _STREAM_ABOUT, "oneOf": kinds}


def _event(name: str, model: type[BaseModel]) -> Json:
    parts = {"id": {"type": "string"}, "event": {"const": name}, "data": _json_of(model)}
    return {"type": "object", "required": ["event", "data"], "properties": parts}


def _json_of(model: type[BaseModel]) -> Json:
    ref = {"$ref": _REF.format(model=model.__name__)}
    return {"type": "string", "contentMediaType": "application/json", "contentSchema": ref}


def _set_longest_question(known: Json, paths: Json, longest: int) -> None:
    """Say how long a question may be where the operator chose another length."""
    for model in ("AnswerRequest", "FeedbackRequest", "BatchQuestionRequest"):
        if "question" in known.get(model, {}).get("properties", {}):
            known[model]["properties"]["question"]["maxLength"] = longest
    for parameter in paths.get("/v1/search", {}).get("get", {}).get("parameters", []):
        if parameter["name"] == "q":
            parameter["schema"]["maxLength"] = longest


# ── Examples ─────────────────────────────────────────────────────────────────


@cache
def read_examples() -> Mapping[str, Json]:
    """Return what is sent for each operation, with ``content`` where that is a file, and what comes back."""
    examples: Mapping[str, Json] = json.loads(_EXAMPLES.read_text(encoding="utf-8"))
    return examples


def _illustrate(operation: Json) -> None:
    example = read_examples().get(operation["operationId"])
    if example is None:
        return
    given = {**example.get("path", {}), **example.get("query", {}), **example.get("headers", {})}
    for parameter in operation.get("parameters", []):
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    if "body" in example:
        operation["requestBody"]["content"]["application/json"]["example"] = example["body"]
    if "content" in example:
        operation["requestBody"]["content"]["application/octet-stream"]["example"] = example["content"]
    if "response" in example:
        content = operation["responses"][str(example["status"])]["content"]
        content[example.get("media", "application/json")]["example"] = example["response"]

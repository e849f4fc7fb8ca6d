"""The schema is valid, whole and true: a client can be made from it, and its examples can be sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations
from assistant.bootstrap.documents import Documents
from assistant.settings import Settings
from assistant.surfaces.api import build_api
from assistant.surfaces.api.openapi import read_examples

Json = dict[str, Any]

_METHODS = ("get", "put", "post", "patch", "delete")
_UNSHOWN = {"read_text", "resume_answer", "read_document_text"}
"""The text of an original isn't ours to show, nobody can resume a stream that is long gone, and here no
document is read."""


@pytest.fixture
def client(
    coach: Coach, from_cards: Assistant, card_settings: Settings, texts: Texts
) -> Iterator[TestClient]:
    rating = Conversations(card_settings, from_cards, coach.storage)
    documents = Documents(card_settings, coach.storage)
    app = build_api(
        from_cards, texts, coaching=coach, rating=rating, batches=coach.storage.batches, documents=documents
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def schema(client: TestClient) -> Json:
    return dict(client.get("/openapi.json").json())


def test_the_schema_is_valid_openapi(schema: Json) -> None:
    validate(schema)


def test_every_operation_has_a_name_of_its_own_a_tag_and_a_sentence(schema: Json) -> None:
    tags = {tag["name"] for tag in schema["tags"] if tag["description"]}
    names = [operation["operationId"] for _, _, operation in _operations(schema)]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+|search", name)
    for _, _, operation in _operations(schema):
        assert set(operation["tags"]) <= tags
        assert operation["summary"][0].isupper()
        assert operation["description"]


def test_every_schema_every_field_and_every_parameter_is_described(schema: Json) -> None:
    undescribed = [
        f"{name}.{field}"
        for name, model in schema["components"]["schemas"].items()
        if name.endswith(("Request", "Response", "Part", "Problem"))
        for field, about in {**model.get("properties", {}), "": model}.items()
        if not about.keys() & {"description", "const"} and about.get("type") != "null"
    ]
    undescribed += [
        f"{path} {parameter['name']}"
        for path, _, operation in _operations(schema)
        for parameter in operation.get("parameters", [])
        if "description" not in parameter
    ]
    assert undescribed == []


def test_every_way_in_which_a_request_can_fail_is_a_problem(schema: Json) -> None:
    for path, _, operation in _operations(schema):
        failing = {status: one for status, one in operation["responses"].items() if status >= "400"}
        for response in failing.values():
            assert set(response["content"]) == {"application/problem+json"}
        if path.startswith("/v1"):
            assert {"401", "403", "429", "500", "503"} <= set(failing)
            assert {"Retry-After", "RateLimit-Remaining"} <= set(failing["429"]["headers"])
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= set(failing)


def test_a_key_may_be_sent_and_needn_t(schema: Json) -> None:
    assert schema["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert schema["security"] == [{"key": []}, {}]
    assert schema["paths"]["/healthz"]["get"]["security"] == []


def test_the_events_of_a_stream_have_their_schemas(schema: Json) -> None:
    responses = schema["paths"]["/v1/answers"]["post"]["responses"]
    kinds = responses["200"]["content"]["text/event-stream"]["schema"]["oneOf"]
    told = {kind["properties"]["event"]["const"]: kind["properties"]["data"] for kind in kinds}
    assert list(told) == ["passage", "claim", "answer", "refusal", "error", "end"]
    for data in told.values():
        name = data["contentSchema"]["$ref"].rpartition("/")[2]
        assert schema["components"]["schemas"][name]["description"]


def test_the_page_for_people_names_every_operation(client: TestClient, schema: Json) -> None:
    page = client.get("/docs").text
    for path, method, _ in _operations(schema):
        assert f"<code>{method.upper()} {path}</code>" in page


def test_the_longest_question_in_the_schema_is_that_of_the_settings(
    from_cards: Assistant, texts: Texts
) -> None:
    schema = build_api(from_cards, texts, max_question_length=321).openapi()
    assert schema["components"]["schemas"]["AnswerRequest"]["properties"]["question"]["maxLength"] == 321
    parameters = schema["paths"]["/v1/search"]["get"]["parameters"]
    assert next(one for one in parameters if one["name"] == "q")["schema"]["maxLength"] == 321


# ── Examples ─────────────────────────────────────────────────────────────────


def test_every_operation_has_an_example(schema: Json) -> None:
    names = {operation["operationId"] for _, _, operation in _operations(schema)}
    assert names - set(read_examples()) == _UNSHOWN


def test_the_examples_can_be_sent_one_after_another(client: TestClient, schema: Json) -> None:
    places = {operation["operationId"]: (method, path) for path, method, operation in _operations(schema)}
    real: dict[str, str] = {}
    for name, example in read_examples().items():
        method, path = places[name]
        response = _send(client, method, path, _translate(example, real))
        assert response.status_code == example["status"], f"{name}: {response.text}"
        if response.headers.get("content-type") == "application/json" and response.content:
            _learn(example["response"], response.json(), real)


def test_what_the_examples_show_is_as_their_schema_says(schema: Json) -> None:
    for path, method, operation in _operations(schema):
        example = read_examples().get(operation["operationId"], {})
        content = operation["responses"].get(str(example.get("status")), {}).get("content", {})
        if "response" in example and "application/json" in content:
            shape = {**content["application/json"]["schema"], "components": schema["components"]}
            errors = list(OAS31Validator(shape).iter_errors(example["response"]))
            assert errors == [], f"{method} {path}"
            assert content["application/json"]["example"] == example["response"]


def _send(client: TestClient, method: str, path: str, example: Json) -> Any:
    for name, value in example.get("path", {}).items():
        path = path.replace(f"{{{name}}}", value)
    asked = {key: example[key] for key in ("headers",) if key in example}
    if "content" in example:
        asked["headers"] = {"Content-Type": "application/octet-stream"}
        return client.request(method, path, params=example["query"], content=example["content"], **asked)
    return client.request(method, path, params=example.get("query"), json=example.get("body"), **asked)


def _learn(shown: object, told: object, real: dict[str, str]) -> None:
    """Note what a key or an id of the examples is in this run."""
    if isinstance(shown, dict) and isinstance(told, dict):
        for key in shown.keys() & told.keys():
            _learn(shown[key], told[key], real)
    elif isinstance(shown, list) and isinstance(told, list):
        for one, other in zip(shown, told, strict=False):
            _learn(one, other, real)
    elif isinstance(shown, str) and isinstance(told, str) and shown != told:
        real[shown] = told


def _translate(example: Mapping[str, Any], real: Mapping[str, str]) -> Json:
    sent = {key: example[key] for key in ("path", "query", "headers", "body", "content") if key in example}
    text = json.dumps(sent)
    for shown, told in real.items():
        text = text.replace(json.dumps(shown), json.dumps(told))
    return dict(json.loads(text))


def _operations(schema: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path, method, methods[method]

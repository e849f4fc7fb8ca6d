"""``POST /v1/answers`` keeps its contract."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.domain import Filters, Turn
from assistant.errors import IndexDamaged, IndexUnavailable, InvalidTexts, QuestionTooLong
from tests.fakes import FakeAssistant, a_refusal, an_answer, found
from tests.surfaces.api.conftest import Connect

JSON_HEADERS = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client(connect: Connect) -> TestClient:
    return connect(FakeAssistant())


def test_an_answer_has_every_field_of_the_contract(connect: Connect) -> None:
    response = connect(FakeAssistant()).post("/v1/answers", json={"question": "Hoe groeit vertrouwen?"})
    assert response.status_code == 200
    assert response.json() == {
        "id": "a1",
        "question": "Hoe groeit vertrouwen?",
        "standalone_question": "Hoe groeit vertrouwen?",
        "language": "nl",
        "answer": "Vertrouwen groeit langzaam. [1] Het gaat snel verloren. [2]",
        "refused": False,
        "reason": None,
        "citations": [
            {
                "number": 1,
                "source_id": "met-tekst",
                "title": "Titel met-tekst",
                "section": "Groei",
                "card_id": "vertrouwen",
                "quote": "Vertrouwen groeit traag.",
                "start": 0,
                "end": 24,
                "support": "quoted",
                "page": None,
            },
            {
                "number": 2,
                "source_id": "zonder-tekst",
                "title": "Titel zonder-tekst",
                "section": "Verlies",
                "card_id": "vertrouwen",
                "quote": "Wie het schaadt, verliest het.",
                "start": None,
                "end": None,
                "support": "supported",
                "page": None,
            },
        ],
        "follow_ups": ["Hoe herstel je vertrouwen?"],
        "engine": "composer",
        "timings_ms": {"retrieving": 3.25, "total": 7.5},
        "notices": [],
    }


def test_a_refusal_is_an_answer_without_citations_that_says_why(connect: Connect) -> None:
    body = (
        connect(FakeAssistant(a_refusal())).post("/v1/answers", json={"question": "Hoe laat is het?"}).json()
    )
    assert (body["refused"], body["reason"], body["citations"]) == (True, "not_in_sources", [])
    assert body["answer"] == "Dit staat niet in de bronnen."
    assert body["timings_ms"] == {"total": 0}


def test_history_and_filters_reach_the_assistant(connect: Connect) -> None:
    assistant = FakeAssistant()
    body = {
        "question": "  En dan?\r\n",
        "history": [
            {"role": "user", "content": "Wat is vertrouwen?"},
            {"role": "assistant", "content": "Dit."},
        ],
        "filters": {"sources": ["met-tekst"], "kinds": ["bron", "fase"]},
    }
    assert connect(assistant).post("/v1/answers", json=body).status_code == 200
    asked = assistant.questions[0]
    assert asked.text == "En dan?"
    assert asked.history == (Turn("user", "Wat is vertrouwen?"), Turn("assistant", "Dit."))
    assert asked.filters == Filters(frozenset({"met-tekst"}), frozenset({"bron", "fase"}))


def test_characters_that_nobody_sees_are_taken_out(connect: Connect) -> None:
    assistant = FakeAssistant()
    hidden = "\u200bWat\u202e is\u2066 dit\U000e0041?\ufeff"
    assert connect(assistant).post("/v1/answers", json={"question": hidden}).status_code == 200
    assert assistant.questions[0].text == "Wat is dit?"


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({}, "question", "ontbreekt"),
        ({"question": ""}, "question", "leeg"),
        ({"question": " \n\t "}, "question", "leeg"),
        ({"question": "\u200b\u202e"}, "question", "leeg"),
        ({"question": "x" * 2001}, "question", "2000"),
        ({"question": "x" * 10_000}, "question", "10000"),
        ({"question": "a\x00b"}, "question", "U+0000"),
        ({"question": "a\x1bb"}, "question", "U+001B"),
        ({"question": "a\x85b"}, "question", "U+0085"),
        ({"question": "a\x1f"}, "question", "U+001F"),
        ({"question": 5}, "question", "tekst"),
        ({"question": None}, "question", "tekst"),
        ({"question": ["x"]}, "question", "tekst"),
        ({"question": "x", "stream": "ja"}, "stream", "true of false"),
        ({"question": "x", "stream": 1}, "stream", "true of false"),
        ({"question": "x", "vraag": "y"}, "vraag", "bestaat niet"),
        ({"question": "x", "filters": {"bronnen": []}}, "filters.bronnen", "bestaat niet"),
        ({"question": "x", "filters": []}, "filters", "object"),
        ({"question": "x", "filters": {"sources": ["nee"]}}, "filters.sources.0", "‘nee’"),
        ({"question": "x", "filters": {"kinds": ["fase", "fases"]}}, "filters.kinds.1", "instrument"),
        ({"question": "x", "history": {}}, "history", "lijst"),
        ({"question": "x", "history": [{"role": "system", "content": "y"}]}, "history.0.role", "assistant"),
        ({"question": "x", "history": [{"role": "user"}]}, "history.0.content", "ontbreekt"),
        ({"question": "x", "history": [{"role": "user", "content": "y"}] * 51}, "history", "50"),
        (
            {"question": "x", "history": [{"role": "user", "content": "y" * 8001}]},
            "history.0.content",
            "8000",
        ),
        ({"question": "x", "history": [{"role": "user", "content": "\x00"}]}, "history.0.content", "U+0000"),
        ([], "body", "object"),
        ("tekst", "body", "object"),
        (None, "body", "object"),
    ],
)
def test_what_is_wrong_with_a_field_is_named_in_dutch(
    connect: Connect, body: object, field: str, says: str
) -> None:
    assistant = FakeAssistant()
    response = connect(assistant).post("/v1/answers", content=json.dumps(body), headers=JSON_HEADERS)
    problem = response.json()
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:alliantie:probleem:ongeldig-verzoek"
    assert [error["field"] for error in problem["errors"]] == [field]
    assert says in problem["errors"][0]["message"]
    assert problem["errors"][0]["message"] in problem["detail"]
    assert assistant.questions == []


@pytest.mark.parametrize(
    "raw", [rb'{"question": "\ud800"}', rb'{"question": "x", "\ud800": 1}', rb'{"question": "x\udfff y"}']
)
def test_lone_surrogates_are_refused(connect: Connect, raw: bytes) -> None:
    response = connect(FakeAssistant()).post("/v1/answers", content=raw, headers=JSON_HEADERS)
    assert response.status_code == 422
    assert "surrogaat" in response.json()["detail"]


def test_an_empty_body_is_missed(connect: Connect) -> None:
    response = connect(FakeAssistant()).post("/v1/answers", content=b"", headers=JSON_HEADERS)
    assert response.status_code == 422
    assert "ontbreekt" in response.json()["detail"]


def test_every_fault_is_reported_at_once_but_no_more_than_twenty(connect: Connect) -> None:
    body = {"question": "", "filters": {"kinds": ["x"] * 100}}
    errors = connect(FakeAssistant()).post("/v1/answers", json=body).json()["errors"]
    assert [error["field"] for error in errors[:2]] == ["question", "filters.kinds.0"]
    assert len(errors) == 20


def test_a_long_value_is_not_repeated_whole(connect: Connect) -> None:
    response = connect(FakeAssistant()).post("/v1/answers", json={"question": "x", "y" * 50_000: 1})
    assert len(response.content) < 2_000


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        (b"{", "kapotte-json"),
        (b'{"question": "x",}', "kapotte-json"),
        (b"\xff\xfe\xfa", "geen-json"),
        (b"[" * 100_000, "geen-json"),
        (b'{"question": ' + b"9" * 5_000 + b"}", "geen-json"),
    ],
)
def test_broken_json_is_a_400(connect: Connect, raw: bytes, slug: str) -> None:
    response = connect(FakeAssistant()).post("/v1/answers", content=raw, headers=JSON_HEADERS)
    assert response.status_code == 400
    assert response.json()["type"] == f"urn:alliantie:probleem:{slug}"


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""],
)
def test_a_body_that_is_not_called_json_is_a_415(connect: Connect, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    response = connect(FakeAssistant()).post("/v1/answers", content=b'{"question": "x"}', headers=headers)
    assert response.status_code == 415
    assert response.json()["type"] == "urn:alliantie:probleem:mediatype"


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "application/problem+json"])
def test_every_kind_of_json_is_read(connect: Connect, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    response = connect(FakeAssistant()).post("/v1/answers", content=b'{"question": "x"}', headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("error", [IndexUnavailable(folder="/geheim"), IndexDamaged(file="/geheim/x")])
def test_without_an_index_the_answer_is_a_503_that_says_when_to_return(
    connect: Connect, error: IndexUnavailable
) -> None:
    response = connect(FakeAssistant([error])).post("/v1/answers", json={"question": "x"})
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["type"] == f"urn:alliantie:probleem:{error.code}"
    assert "geheim" not in response.text


def test_a_question_that_the_assistant_refuses_to_read_is_a_422(connect: Connect) -> None:
    response = connect(FakeAssistant([QuestionTooLong(length="3001", limit="3000")])).post(
        "/v1/answers", json={"question": "x"}
    )
    assert response.status_code == 422
    assert "3001" in response.json()["detail"]


@pytest.mark.parametrize(
    "script",
    [[ZeroDivisionError("geheim")], [InvalidTexts(file="geheim", key="k", reason="r")], [found(1)], []],
)
def test_what_nobody_foresaw_is_a_500_with_a_number_that_stands_in_the_log(
    connect: Connect, script: list[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    response = connect(FakeAssistant(script)).post("/v1/answers", json={"question": "x"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "geheim" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.json()["instance"].removeprefix("urn:uuid:") in caplog.text


_text = st.text(st.characters(exclude_categories=()))
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _text,
    lambda inner: st.lists(inner) | st.dictionaries(_text, inner),
    max_leaves=12,
)
_turns = st.lists(st.fixed_dictionaries({"role": st.just("user") | _json, "content": _text | _json}))
_filters = st.fixed_dictionaries({}, optional={"sources": st.lists(_text), "kinds": st.lists(_text)})
_requests = st.fixed_dictionaries(
    {"question": _text | _json},
    optional={"history": _turns | _json, "filters": _filters | _json, "stream": st.booleans() | _json},
)


@settings(deadline=None, max_examples=300)
@given(body=_requests | _json)
def test_no_json_body_ever_gives_a_5xx(client: TestClient, body: object) -> None:
    response = client.post("/v1/answers", content=json.dumps(body), headers=JSON_HEADERS)
    assert response.status_code in (200, 422)


@settings(deadline=None, max_examples=200)
@given(raw=st.binary(max_size=200))
def test_no_bytes_ever_give_a_5xx(client: TestClient, raw: bytes) -> None:
    response = client.post("/v1/answers", content=raw, headers=JSON_HEADERS)
    assert response.status_code in (400, 422)


def test_the_generator_is_closed_after_an_answer(connect: Connect) -> None:
    assistant = FakeAssistant(an_answer())
    connect(assistant).post("/v1/answers", json={"question": "x"})
    assert assistant.closed == 1

"""The official client of OpenAI gets the same answers, unchanged: whole, in a stream, sync and async."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.domain import Turn
from assistant.errors import IndexDamaged, IndexUnavailable
from assistant.surfaces.api import build_api
from tests.fakes import FakeAssistant, Script, a_refusal, an_answer
from tests.surfaces.api.conftest import Connect
from tests.surfaces.api.listening import Listening, Stepwise, listening, until

PATH = "/v1/chat/completions"
ANSWERED = [
    "Wat is het verschil tussen calculatief en relationeel vertrouwen?",
    "Welke vier rollen heeft een alliantiemanager?",
    "Welke fasen doorloopt een alliantie?",
]
REFUSED = ["Wat is de hoofdstad van Frankrijk?", "Hoeveel leden heeft de NAVO?"]
FRAMED = [
    "Welke vijf fasen doorloopt een alliantie?",
    "What is relational trust?",
    "Which four roles does an alliance manager have?",
    "Wie zegt wat relationeel vertrouwen is, en waar staat dat?",
    "Dank u wel!",
]


@pytest.fixture(scope="module")
def server(from_cards: Assistant, texts: Texts) -> Iterator[Listening]:
    with listening(build_api(from_cards, texts)) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Listening) -> Iterator[openai.OpenAI]:
    with a_client(server) as opened:
        yield opened


def a_client(server: Listening) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.address}/v1", api_key="geen", max_retries=0)


def user(text: str) -> list[ChatCompletionMessageParam]:
    return [{"role": "user", "content": text}]


def extra(part: Any) -> dict[str, Any]:
    """Return the fields that OpenAI's API doesn't have."""
    fields = part.model_extra
    assert isinstance(fields, dict)
    return fields


def joined(chunks: Sequence[ChatCompletionChunk]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def compare(whole: ChatCompletion, chunks: Sequence[ChatCompletionChunk]) -> None:
    """Check that a stream says what the whole says, with the same citations."""
    message = whole.choices[0].message
    assert joined(chunks) == message.content
    told = [one for chunk in chunks for one in extra(chunk.choices[0].delta).get("citations", [])]
    assert list({one["number"]: one for one in told}.values()) == extra(message)["citations"]
    last = extra(chunks[-1].choices[0].delta)
    for field in ("refused", "reason", "follow_ups"):
        assert last[field] == extra(message)[field]
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert len({chunk.id for chunk in chunks}) == 1


@pytest.mark.parametrize("question", ANSWERED)
def test_a_question_is_answered_with_marks_citations_and_sources(
    client: openai.OpenAI, server: Listening, question: str
) -> None:
    whole = client.chat.completions.create(model="alliantie", messages=user(question))
    message = whole.choices[0].message
    plain = httpx.post(f"{server.address}/v1/answers", json={"question": question}, trust_env=False).json()
    assert message.content is not None
    answer, _, sources = message.content.partition("\n\n**Bronnen**\n\n")
    assert answer == plain["answer"]
    assert extra(message)["citations"] == plain["citations"] != []
    assert all(f"[{one['number']}]" in sources for one in plain["citations"])
    assert (extra(message)["refused"], extra(message)["follow_ups"]) == (False, plain["follow_ups"])
    assert (whole.model, whole.usage, whole.choices[0].finish_reason) == ("alliantie", None, "stop")
    assert "http" not in message.content
    compare(
        whole, list(client.chat.completions.create(model="alliantie", messages=user(question), stream=True))
    )


@pytest.mark.parametrize("question", REFUSED)
def test_a_refusal_is_the_content_and_says_why(client: openai.OpenAI, question: str) -> None:
    whole = client.chat.completions.create(model="alliantie", messages=user(question))
    message = whole.choices[0].message
    assert message.content is not None
    assert "Bronnen" not in message.content
    assert extra(message)["refused"] is True
    assert extra(message)["reason"] in ("not_in_sources", "out_of_scope")
    assert (whole.choices[0].finish_reason, message.refusal) == ("stop", None)
    compare(
        whole, list(client.chat.completions.create(model="alliantie", messages=user(question), stream=True))
    )


@pytest.mark.parametrize("question", FRAMED)
def test_what_stands_around_the_claims_is_in_the_stream_too(client: openai.OpenAI, question: str) -> None:
    whole = client.chat.completions.create(model="alliantie", messages=user(question))
    compare(
        whole, list(client.chat.completions.create(model="alliantie", messages=user(question), stream=True))
    )


def test_an_english_answer_reads_like_the_answer_elsewhere(client: openai.OpenAI, server: Listening) -> None:
    whole = client.chat.completions.create(model="alliantie", messages=user("What is relational trust?"))
    asked = {"question": "What is relational trust?"}
    plain = httpx.post(f"{server.address}/v1/answers", json=asked, trust_env=False).json()
    assert (whole.choices[0].message.content or "").partition("\n\n**Sources**\n\n")[0] == plain["answer"]


def test_the_async_client_gets_the_same(server: Listening, client: openai.OpenAI) -> None:
    async def ask() -> tuple[ChatCompletion, list[ChatCompletionChunk], list[str]]:
        async with openai.AsyncOpenAI(base_url=f"{server.address}/v1", api_key="geen") as opened:
            create, messages = opened.chat.completions.create, user(ANSWERED[1])
            whole = await create(model="alliantie", messages=messages)
            stream = await create(model="alliantie", messages=messages, stream=True)
            chunks = [chunk async for chunk in stream]
            return whole, chunks, [model.id async for model in opened.models.list()]

    whole, chunks, models = asyncio.run(ask())
    compare(whole, chunks)
    assert models == ["alliantie"]
    assert (
        whole.choices[0].message.content
        == client.chat.completions.create(model="alliantie", messages=user(ANSWERED[1]))
        .choices[0]
        .message.content
    )


def test_a_conversation_goes_on_from_what_was_answered(client: openai.OpenAI) -> None:
    first = client.chat.completions.create(model="alliantie", messages=user(ANSWERED[1]))
    messages: list[ChatCompletionMessageParam] = [
        *user(ANSWERED[1]),
        {"role": "assistant", "content": first.choices[0].message.content},
        *user("En de tweede?"),
    ]
    second = client.chat.completions.create(model="alliantie", messages=messages)
    assert "netwerker" in (second.choices[0].message.content or "").lower()


def test_there_is_one_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["alliantie"]
    model = client.models.retrieve("alliantie")
    assert (model.id, model.object, model.owned_by) == ("alliantie", "model", "alliantie-assistent")
    with pytest.raises(openai.NotFoundError, match="‘gpt-4o’"):
        client.models.retrieve("gpt-4o")


def test_another_model_is_a_clear_problem(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="Vraag om het model ‘alliantie’") as raised:
        client.chat.completions.create(model="gpt-4o", messages=user("x"))
    assert (raised.value.code, raised.value.type) == ("onbekend-model", "invalid_request_error")


def test_what_the_api_of_openai_knows_besides_is_accepted(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(
        model="alliantie",
        messages=[
            {"role": "system", "content": "Antwoord als een piraat."},
            {"role": "developer", "content": "Geen bronnen."},
            *user(ANSWERED[1]),
        ],
        n=1, temperature=0.2, top_p=1, max_tokens=3, max_completion_tokens=3, seed=1, stop=["a"], user="u",
        presence_penalty=1, logprobs=False, response_format={"type": "text"}, store=False, metadata={},
        tools=[{"type": "function", "function": {"name": "f"}}], tool_choice="auto",
        extra_body={"onbekend": {"x": 1}},
    )  # fmt: skip
    plain = client.chat.completions.create(model="alliantie", messages=user(ANSWERED[1]))
    assert whole.choices[0].message.content == plain.choices[0].message.content


def test_filters_narrow_where_is_looked(client: openai.OpenAI) -> None:
    only = {"filters": {"sources": ["alliantiemanager"]}}
    whole = client.chat.completions.create(model="alliantie", messages=user(ANSWERED[1]), extra_body=only)
    cited = {one["source_id"] for one in extra(whole.choices[0].message)["citations"]}
    assert cited == {"alliantiemanager"}
    wrong = {"filters": {"sources": ["elders"]}}
    with pytest.raises(openai.UnprocessableEntityError, match="‘elders’"):
        client.chat.completions.create(model="alliantie", messages=user("x"), extra_body=wrong)


def test_who_asks_for_usage_gets_a_chunk_without_choices(client: openai.OpenAI) -> None:
    options: Any = {"include_usage": True}
    *chunks, last = client.chat.completions.create(
        model="alliantie", messages=user(ANSWERED[1]), stream=True, stream_options=options
    )
    assert (last.choices, last.usage) == ([], None)
    assert all(chunk.choices for chunk in chunks)


# ── Over an assistant that plays its part ────────────────────────────────────


def complete(client: TestClient, messages: Any, **fields: Any) -> httpx.Response:
    response: Any = client.post(PATH, json={"model": "alliantie", "messages": messages, **fields})
    return response  # type: ignore[no-any-return]


def test_the_last_question_is_asked_and_what_was_said_before_goes_along(connect: Connect) -> None:
    assistant = FakeAssistant()
    answer = complete(connect(assistant), user("Een?")).json()["choices"][0]["message"]["content"]
    assert "**Bronnen**" in answer
    said = [
        {"role": "system", "content": "Niets."},
        {"role": "user", "content": "Een?"},
        {"role": "assistant", "content": answer},
        {"role": "tool", "content": "niets", "tool_call_id": "t"},
        {"role": "user", "content": [{"type": "text", "text": "Twee"}, {"type": "text", "text": "delen?"}]},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "assistant", "content": [{"type": "text", "text": "Nee."}]},
        {"role": "user", "content": "Drie?"},
        {"role": "assistant", "content": "begin van een antwoord"},
    ]
    assert complete(connect(assistant), said).status_code == 200
    asked = assistant.questions[-1]
    assert asked.text == "Drie?"
    assert asked.history == (
        Turn("user", "Een?"),
        Turn("assistant", "Vertrouwen groeit langzaam. [1] Het gaat snel verloren. [2]"),
        Turn("user", "Twee\ndelen?"),
        Turn("assistant", ""),
        Turn("assistant", "Nee."),
    )


def test_of_a_long_conversation_the_last_turns_are_read(connect: Connect) -> None:
    assistant = FakeAssistant()
    said = [{"role": "user", "content": f"{number} {'x' * 9000}"} for number in range(80)]
    assert complete(connect(assistant), [*said, *user("Nu?")]).status_code == 200
    history = assistant.questions[-1].history
    assert (len(history), history[0].content[:3], len(history[0].content)) == (50, "30 ", 8000)


IMAGE = {"type": "image_url", "image_url": {"url": "data:,"}}


@pytest.mark.parametrize(
    ("messages", "fields", "field"),
    [
        ([{"role": "user", "content": [{"type": "text", "text": "x"}, IMAGE]}], {}, "messages.0.content.1"),
        ([{"role": "user", "content": [IMAGE]}, *user("x")], {}, "messages.0.content.0"),
        ([{"role": "user", "content": [{"type": "text"}]}], {}, "messages.0.content.0"),
        ([{"role": "user", "content": []}], {}, "messages.0.content"),
        ([{"role": "piraat", "content": "x"}, *user("x")], {}, "messages.0.role"),
        ([{"role": "system", "content": "\x00"}, *user("x")], {}, "messages.0.content"),
        (user("x"), {"stream": "true"}, "stream"),
        (user("x"), {"n": 2}, "n"),
        (user("x"), {"n": 0}, "n"),
        ([], {}, "messages"),
        ([{"role": "system", "content": "x"}], {}, "messages"),
        ([{"role": "assistant", "content": "x"}, *user("  ")], {}, "messages.1.content"),
        (user("x" * 2001), {}, "messages.0.content"),
        ([*user("\x00"), *user("x")], {}, "messages.0.content"),
        (user("x"), {"filters": {"bronnen": []}}, "filters.bronnen"),
        ([{"content": "x"}], {}, "messages.0.role"),
        ("x", {}, "messages"),
        (None, {}, "messages"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_that_names_the_field(
    connect: Connect, messages: Any, fields: dict[str, Any], field: str
) -> None:
    assistant = FakeAssistant()
    response = complete(connect(assistant), messages, **fields)
    body = response.json()
    assert (response.status_code, body["errors"][0]["field"]) == (422, field)
    assert response.headers["content-type"] == "application/problem+json"
    assert body["error"] == {
        "message": body["detail"],
        "type": "invalid_request_error",
        "code": "ongeldig-verzoek",
    }
    assert assistant.questions == []


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [(IndexUnavailable(folder="/geheim"), 503, "server_error"), (ZeroDivisionError(), 500, "server_error")],
)
@pytest.mark.parametrize("stream", [True, False])
def test_what_fails_at_once_has_its_status(
    connect: Connect, fault: Exception, status: int, kind: str, stream: bool
) -> None:
    response = complete(connect(FakeAssistant([fault])), user("x"), stream=stream)
    assert (response.status_code, response.json()["error"]["type"]) == (status, kind)
    assert "geheim" not in response.text


def test_other_addresses_have_no_error_beside_the_problem(connect: Connect) -> None:
    client = connect(FakeAssistant())
    assert "error" not in client.get("/v1/cards/niets").json()
    assert client.get("/v1/chat/niets").json()["error"]["code"] == "pad"
    assert client.get(PATH).json()["error"]["code"] == "methode"
    assert client.post(PATH, content=b"{").json()["error"]["code"] == "mediatype"


def test_each_claim_is_one_chunk_and_only_a_whole_answer_is_done(connect: Connect) -> None:
    response = complete(connect(FakeAssistant()), user("x"), stream=True)
    *chunks, done = [line.removeprefix("data: ") for line in response.text.strip().split("\n\n")]
    assert done == "[DONE]"
    deltas = [json.loads(chunk)["choices"][0]["delta"] for chunk in chunks]
    assert [delta["content"] for delta in deltas if delta.get("citations")] == [
        "Vertrouwen groeit langzaam. [1]",
        " Het gaat snel verloren. [2]",
    ]
    assert [one["number"] for delta in deltas for one in delta.get("citations", [])] == [1, 2]
    assert response.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("script", [[*an_answer()[:2], IndexDamaged(file="/geheim")], an_answer()[:2]])
def test_what_breaks_midway_reaches_the_client_as_its_error(texts: Texts, script: Script) -> None:
    with listening(build_api(FakeAssistant(script), texts)) as server, a_client(server) as client:
        stream = client.chat.completions.create(model="alliantie", messages=user("x"), stream=True)
        chunks: list[ChatCompletionChunk] = []
        with pytest.raises(openai.APIError) as raised:
            chunks.extend(stream)
    assert raised.value.type == "server_error"
    assert raised.value.message
    assert "geheim" not in raised.value.message
    assert joined(chunks) == "Vertrouwen groeit langzaam. [1]"


def test_a_client_that_leaves_stops_the_work(texts: Texts) -> None:
    found, claim, *rest = an_answer()
    slow = Stepwise([found, *[claim] * 50, *rest])
    with listening(build_api(slow, texts)) as server, a_client(server) as client:
        stream = client.chat.completions.create(model="alliantie", messages=user("x"), stream=True)
        slow.go(3)
        texts_seen = (chunk for chunk in stream if chunk.choices[0].delta.content)
        assert [next(texts_seen) for _ in range(3)]
        stream.close()
        time.sleep(0.2)
        slow.go(60)
        until(lambda: slow.closed == 1)
        assert slow.pulled <= 5


@pytest.mark.parametrize("path", ["/v1/answers", PATH])
def test_a_client_that_does_not_wait_for_a_whole_answer_stops_the_work_too(texts: Texts, path: str) -> None:
    found, claim, *rest = an_answer()
    slow = Stepwise([found, *[claim] * 50, *rest])
    body = {"question": "x"} if path == "/v1/answers" else {"model": "alliantie", "messages": user("x")}
    with listening(build_api(slow, texts)) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(server.address + path, json=body, timeout=0.3, trust_env=False)
        time.sleep(0.2)
        slow.go(60)
        until(lambda: slow.closed == 1)
        assert slow.pulled <= 3


def test_a_stream_that_runs_when_the_server_stops_is_not_done(texts: Texts) -> None:
    slow = Stepwise()
    server = Listening(build_api(slow, texts))
    with a_client(server) as client:
        stream = client.chat.completions.create(model="alliantie", messages=user("x"), stream=True)
        next(stream)
        server.stop()
        with pytest.raises(openai.APIError, match="De server stopt"):
            list(stream)
    slow.go(10)
    until(lambda: slow.closed == 1)


def test_a_refusal_in_a_stream_is_its_content(connect: Connect) -> None:
    response = complete(connect(FakeAssistant(a_refusal())), user("x"), stream=True)
    chunks = [json.loads(line[6:]) for line in response.text.split("\n\n") if line.startswith("data: {")]
    content = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert content == "Dit staat niet in de bronnen."
    assert chunks[-1]["choices"][0]["delta"]["reason"] == "not_in_sources"

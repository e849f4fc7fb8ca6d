"""Documents over the API: added in two ways, refused in Dutch, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.answering.prompts import Texts
from assistant.bootstrap.documents import Documents
from assistant.domain import LOCAL, MOST_DOCUMENT_BYTES, Answer, Caller, CheckedClaim, Citation, KeyScope
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.surfaces.api import build_api
from tests.fakes import FakeAssistant, an_answer

RAW = {"Content-Type": "application/octet-stream"}
NOTES = b"# Notulen\n\nDe stuurgroep vergadert in Vechtstad.\n"

As = Callable[[str], TestClient]


class Named:
    """Says of each request whose it is, as the gate does."""

    def __init__(self, app: ASGIApp, owner: str) -> None:
        self._app, self._owner = app, owner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = Caller(self._owner, frozenset(KeyScope))
        await self._app({**scope, "state": {"caller": caller}}, receive, send)


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def as_(assistant: FakeAssistant, card_settings: Settings, texts: Texts, tmp_path: object) -> Iterator[As]:
    """Return a client that asks as somebody."""
    with closing(Storage.open(f"sqlite:///{tmp_path}/documents.db")) as storage:
        app = build_api(assistant, texts, documents=Documents(card_settings, storage))
        yield lambda owner: TestClient(Named(app, owner), raise_server_exceptions=False)


def add(client: TestClient, content: bytes = NOTES, name: str = "notulen.md", **how: str) -> str:
    answer = client.post("/v1/documents", params={"name": name, **how}, content=content, headers=RAW)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/documents/{answer.json()['id']}"
    assert answer.headers["retry-after"]
    return str(answer.json()["id"])


def test_a_file_comes_in_as_a_form_or_by_itself(as_: As) -> None:
    client = as_("sleutel-1")
    form = client.post("/v1/documents", files={"file": ("plan.txt", b"Een plan.")}, data={"shared": "true"})
    assert form.status_code == 202
    assert (form.json()["name"], form.json()["shared"]) == ("plan.txt", True)
    assert form.json()["progress"] == {"done": 0, "total": 0, "unit": "page"}
    add(client)
    listed = client.get("/v1/documents").json()["documents"]
    assert [one["name"] for one in listed] == ["notulen.md", "plan.txt"]
    file = client.get(f"/v1/documents/{listed[0]['id']}/file")
    assert file.content == NOTES
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("sent", "status", "slug"),
    [
        ({"content": NOTES, "headers": RAW}, 422, "ongeldig-verzoek"),
        ({"content": b"{}", "headers": {"Content-Type": "application/json"}}, 415, "mediatype-bestand"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "geen-formulier"),
        ({"files": {"ander": ("a.txt", b"x")}}, 422, "ongeldig-verzoek"),
        ({"files": {"file": ("a.txt", b"x")}, "data": {"shared": "ja"}}, 422, "ongeldig-verzoek"),
        ({"files": {"file": ("a.exe", b"MZ\x90\x00\x03")}}, 422, "document-onleesbaar"),
        ({"files": {"file": ("a.txt", b"")}}, 422, "document-onleesbaar"),
    ],
)
def test_what_is_no_readable_file_is_a_problem(as_: As, sent: dict[str, Any], status: int, slug: str) -> None:
    answer = as_("sleutel-1").post("/v1/documents", **sent)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (status, slug)
    assert "{" not in answer.json()["detail"]


def test_too_large_a_file_is_refused_by_its_own_word_before_it_is_read(as_: As) -> None:
    told = {**RAW, "Content-Length": str(MOST_DOCUMENT_BYTES + 200_000)}
    client = as_("sleutel-1")
    answer = client.post("/v1/documents", params={"name": "a.txt"}, content=b"", headers=told)
    assert answer.status_code == 413
    assert "50 MB" in answer.json()["detail"]
    # Elsewhere a body may be as long as before, and no longer.
    assert client.post("/v1/feedback", content=b"x" * 1_100_000, headers=RAW).status_code in (404, 413)
    assert client.post("/v1/answers", content=b"x" * 1_100_000, headers=RAW).status_code in (413, 415)


def test_the_same_file_twice_names_the_one_that_is_there(as_: As) -> None:
    client = as_("sleutel-1")
    first = add(client)
    again = client.post("/v1/documents", files={"file": ("anders.md", NOTES)})
    assert again.status_code == 409
    assert first in again.json()["detail"]


def test_nobody_else_has_a_document_unless_it_is_shared_and_then_only_to_read(as_: As) -> None:
    mine, theirs = as_("sleutel-1"), as_("sleutel-2")
    place = f"/v1/documents/{add(mine)}"
    calls = {"GET": ["", "/file", "/text", "/history"], "POST": ["/cancel"], "DELETE": [""]}
    for method, ends in calls.items():
        for end in ends:
            assert theirs.request(method, place + end).status_code == 404, (method, end)
    assert theirs.patch(place, json={"shared": True}).status_code == 404
    assert theirs.put(place, files={"file": ("b.txt", b"Anders.")}).status_code == 404
    assert theirs.get("/v1/documents").json() == {"documents": []}
    assert mine.patch(place, json={"shared": True}).json()["shared"] is True
    assert theirs.get(place).status_code == 200
    assert theirs.get("/v1/documents").json() == {"documents": []}
    assert theirs.delete(place).status_code == 404
    assert mine.patch(place, json={"shared": False}).json()["shared"] is False
    assert theirs.get(place).status_code == 404


def test_a_newer_version_is_shared_as_the_older_one_and_all_go_together(as_: As) -> None:
    client = as_("sleutel-1")
    first = add(client, shared="true")
    assert client.put(f"/v1/documents/{first}", files={"file": ("b.md", b"# B")}).status_code == 409
    assert client.post(f"/v1/documents/{first}/cancel").json()["state"] == "cancelled"
    newer = client.put(f"/v1/documents/{first}", files={"file": ("b.md", b"# Beter")}).json()
    assert newer["shared"] is True
    assert client.get(f"/v1/documents/{newer['id']}/text").status_code == 409
    for one in client.get("/v1/documents").json()["documents"]:
        assert client.delete(f"/v1/documents/{one['id']}").status_code == 204
    assert client.get("/v1/documents").json() == {"documents": []}


# ── Questions ────────────────────────────────────────────────────────────────


def test_a_question_says_whose_documents_are_read_along(as_: As, assistant: FakeAssistant) -> None:
    client = as_("sleutel-1")
    own = add(client)
    asked = {"question": "Hoe groeit vertrouwen?", "filters": {"sources": [own], "kinds": ["eigen"]}}
    assert client.post("/v1/answers", json=asked).status_code == 200
    client.get("/v1/search", params={"q": "vertrouwen"})
    message = {"model": "alliantie", "messages": [{"role": "user", "content": "Hoe groeit vertrouwen?"}]}
    assert client.post("/v1/chat/completions", json=message).status_code == 200
    assert [one.reader for one in assistant.questions] == ["sleutel-1"] * 3
    assert assistant.questions[0].filters.sources == {own}
    assert as_("sleutel-2").post("/v1/answers", json=asked).status_code == 422


def test_a_citation_of_an_own_document_has_its_title_and_page(
    as_: As, assistant: FakeAssistant, card_settings: Settings
) -> None:
    client = as_(LOCAL.owner)
    shown = client.get(f"/v1/documents/{add(client, name='plan.md')}").json()
    *events, answer = an_answer()
    assert isinstance(answer, Answer)
    source = replace(
        next(iter(assistant.catalogue.sources.values())), id=shown["id"], title="Plan", label="Plan"
    )
    evidence = replace(answer.citations[0].evidence, source_id=source.id, own=source, page=4)
    citation = Citation(1, evidence, answer.citations[0].support)
    claims = (CheckedClaim(answer.claims[0].claim, (citation,)),)
    assistant._scripts[:] = [[*events, replace(answer, claims=claims, citations=(citation,))]]
    cited = client.post("/v1/answers", json={"question": "Hoe groeit vertrouwen?"}).json()["citations"]
    assert [(one["source_id"], one["title"], one["page"]) for one in cited] == [(shown["id"], "Plan", 4)]
    message = {"model": "alliantie", "messages": [{"role": "user", "content": "Hoe groeit vertrouwen?"}]}
    told = client.post("/v1/chat/completions", json=message).json()["choices"][0]["message"]
    assert "Plan" in told["content"]
    assert "p. 4 (eigen document)" in told["content"]

"""The page with documents: whoever visits has their own, adds and looks after them, and reads them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations
from assistant.bootstrap.document_reading import DocumentReader
from assistant.bootstrap.documents import Documents
from assistant.domain import DocumentFormat, DocumentState, Notice, OwnDocument
from assistant.settings import Settings, default_prompts
from assistant.surfaces.pages import build_pages
from assistant.surfaces.pages.marking import fingerprint
from assistant.surfaces.pages.owned import Describing, size_of
from assistant.surfaces.visiting import Visitors
from evals.bench import RememberingEmbedder
from tests.surfaces.pages.coaching import visible_text
from tests.surfaces.pages.conftest import with_database

TEXTS = Texts.read(default_prompts() / "pages_documents.yaml")
FAULTS = Texts.read(default_prompts() / "documents.yaml")
MOMENTS = Texts.read(default_prompts() / "pages_conversations.yaml")
PAGE = {"Accept": "text/html"}
QUOTE = "De stuurgroep vergadert elke zes weken in het gemeentehuis van Vechtstad."
PLAN = f"""<title>Plan</title><h1>Samen <b>verder</b></h1><p>{QUOTE}</p>
<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=https://aanval.example/x.png&gt;</p>
<h1>Geld</h1><p>De kosten worden gelijk verdeeld.</p>""".encode()


@dataclass(frozen=True)
class Shop:
    """The pages over a database, and what reads the documents in it."""

    app: Starlette
    read_all: Callable[[], None]

    def visit(self) -> TestClient:
        """Return the browser of somebody new."""
        client = TestClient(self.app, base_url="http://localhost", follow_redirects=False, headers=PAGE)
        client.get("/documenten")
        return client


@pytest.fixture(scope="module")
def shop(
    card_settings: Settings,
    from_cards: Assistant,
    remembering: RememberingEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shop]:
    settings = with_database(card_settings, tmp_path_factory)
    with closing(Coach.open(settings, from_cards)) as coach:
        storage = coach.storage
        conversations = Conversations(settings, from_cards, storage)
        documents = Documents(settings, storage)
        routes = build_pages(coach, from_cards, settings.prompts, conversations, documents)
        app = Starlette(routes=routes, middleware=[Middleware(Visitors)])
        reader = DocumentReader(settings.data, storage, remembering)

        def read_all() -> None:
            while task := reader.take():
                reader.work(task, threading.Event())

        yield Shop(app, read_all)


@pytest.fixture
def visitor(shop: Shop) -> TestClient:
    return shop.visit()


def send(client: TestClient, *files: tuple[str, bytes], path: str = "/documenten", **fields: str) -> str:
    answer = client.post(path, files=[("bestand", one) for one in files], data=fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def ids(client: TestClient) -> list[str]:
    return re.findall(r'id="document-([^"]+)"', client.get("/documenten").text)


def test_several_files_come_in_at_once_without_a_script(visitor: TestClient) -> None:
    assert ids(visitor) == []
    assert TEXTS.render("empty") in visible_text(visitor.get("/documenten").text)
    went = send(visitor, ("een.txt", b"Een."), ("twee.md", b"# Twee"))
    page = visible_text(visitor.get(went).text)
    assert TEXTS.render("done.added") in page
    assert TEXTS.render("state.queued") in page
    assert len(ids(visitor)) == 2


def test_what_is_not_kept_is_told_file_by_file_and_the_rest_is(visitor: TestClient) -> None:
    send(visitor, ("een.txt", b"Een."))
    files = [
        ("bestand", ("twee.txt", b"Twee.")),
        ("bestand", ("weer.txt", b"Een.")),
        ("bestand", ("x.pdf", b"")),
    ]
    answer = visitor.post("/documenten", files=files)
    assert answer.status_code == 422
    page = visible_text(answer.text)
    assert TEXTS.render("duplicate", title="een") in page
    assert FAULTS.render("leeg") in page
    assert len(ids(visitor)) == 2
    nothing = visitor.post("/documenten", files=[("bestand", ("", b""))])
    assert TEXTS.render("no_file") in visible_text(nothing.text)


def test_a_script_hears_what_became_of_a_file(visitor: TestClient) -> None:
    def sent(name: str, content: bytes) -> tuple[int, dict[str, str]]:
        told = {"Accept": "application/json"}
        answer = visitor.post("/documenten", files={"bestand": (name, content)}, headers=told)
        return answer.status_code, answer.json()["files"][0]

    status, kept = sent("een.txt", b"Een.")
    assert (status, kept["message"]) == (202, TEXTS.render("kept"))
    status, refused = sent("nog-eens.txt", b"Een.")
    assert (status, refused["link"]) == (422, kept["link"])


def test_a_post_from_another_site_or_without_a_cookie_changes_nothing(
    shop: Shop, visitor: TestClient
) -> None:
    files = {"bestand": ("een.txt", b"Een.")}
    assert (
        visitor.post("/documenten", files=files, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )
    assert ids(visitor) == []
    bare = TestClient(shop.app, base_url="http://localhost", headers=PAGE)
    answer = bare.post("/documenten", files=files)
    assert answer.status_code == 403
    assert TEXTS.render("no_visitor") in visible_text(answer.text)


def test_a_document_is_read_by_heading_with_the_cited_words_marked_and_nothing_in_it_acts(
    shop: Shop, visitor: TestClient
) -> None:
    send(visitor, ("plan.html", PLAN))
    shop.read_all()
    (id_,) = ids(visitor)
    page = visitor.get(f"/documenten/{id_}").text
    assert "<h1><bdi>Plan</bdi></h1>" in page
    assert ">Geld</h2>" in page
    assert "<script>alert" not in page
    assert "<img src=https" not in page
    assert QUOTE in visible_text(page)
    piece = f"van={0}&tot={len('Samen verder')}&merk={fingerprint('Samen verder')}"
    assert '<mark id="citaat">Samen verder</mark>' in visitor.get(f"/documenten/{id_}?{piece}").text
    assert "<mark>Samen verder</mark>" in visitor.get(f"/passage/{id_}?{piece}").text
    astray = visitor.get(f"/documenten/{id_}?van=0&tot=12&merk=00000000").text
    assert "<mark" not in astray
    assert TEXTS.render("astray") in visible_text(astray)
    assert visitor.get(f"/documenten/{id_}?van=a&tot=99999999999").status_code == 200


def test_others_see_a_document_only_while_it_is_shared_and_change_nothing(
    shop: Shop, visitor: TestClient
) -> None:
    send(visitor, ("plan.html", PLAN))
    shop.read_all()
    (id_,) = ids(visitor)
    other, place = shop.visit(), f"/documenten/{id_}"
    pages = [
        place,
        f"/passage/{id_}?van=0&tot=5",
        f"{place}/bestand",
        f"{place}/eerder",
        f"{place}/verwijderen",
    ]
    assert [other.get(one).status_code for one in pages] == [404] * 5
    assert visitor.post(f"{place}/delen", data={"delen": "ja"}).status_code == 303
    assert [other.get(one).status_code for one in pages] == [200, 200, 200, 404, 404]
    assert TEXTS.render("kind_shared") in visible_text(other.get(place).text)
    assert ids(other) == []
    for deed in ("delen", "afbreken", "verwijderen"):
        assert other.post(f"{place}/{deed}", data={"delen": "nee"}).status_code == 404
    assert visitor.post(f"{place}/delen", data={"delen": "nee"}).status_code == 303
    assert other.get(place).status_code == 404


def test_a_newer_version_takes_over_once_it_is_read_and_all_go_when_removed(
    shop: Shop, visitor: TestClient
) -> None:
    send(visitor, ("plan.html", PLAN))
    shop.read_all()
    (old,) = ids(visitor)
    assert visitor.get(f"/documenten/{old}/vervangen").status_code == 200
    newer = b"<title>Plan</title><h1>Nieuw</h1><p>De stuurgroep vergadert elke maand in Vechtstad.</p>"
    send(visitor, ("plan-2.html", newer), path=f"/documenten/{old}/vervangen")
    shop.read_all()
    (new,) = ids(visitor)
    assert new != old
    history = visitor.get(f"/documenten/{new}/eerder").text
    assert visible_text(history).count(TEXTS.render("in_use")) == 1
    assert TEXTS.render("superseded") in visible_text(visitor.get(f"/documenten/{old}").text)
    asked = visible_text(visitor.get(f"/documenten/{new}/verwijderen").text)
    assert TEXTS.render("remove_versions", count=2) in asked
    assert visitor.post(f"/documenten/{new}/verwijderen").headers["location"] == "/documenten?gedaan=removed"
    assert [visitor.get(f"/documenten/{one}").status_code for one in (old, new)] == [404, 404]


def test_reading_can_be_stopped_and_what_failed_says_what_to_do(shop: Shop, visitor: TestClient) -> None:
    send(visitor, ("kapot.pdf", b"%PDF-1.7\nkapot"), ("een.txt", b"Een zin over een plan."))
    for id_ in ids(visitor)[:1]:
        assert visitor.post(f"/documenten/{id_}/afbreken").status_code == 303
    shop.read_all()
    page = visible_text(visitor.get("/documenten").text)
    assert TEXTS.render("state.cancelled") in page or FAULTS.render("kapot") in page


# ── In words ─────────────────────────────────────────────────────────────────


def test_a_document_is_described_with_its_scans_its_language_and_how_far_it_is() -> None:
    describing = Describing(TEXTS, FAULTS, MOMENTS)
    moment = datetime(2027, 3, 1, 9, 5, tzinfo=UTC)
    read = OwnDocument(
        "eigen-1", "o", "a.pdf", "A", DocumentFormat.PDF, 1_250_000, DocumentState.READING, moment,
        pages=20, done=3, total=20, language="xx", recognised=(4,), unread=tuple(range(1, 20)),
        notices=(Notice.RECOGNISED, Notice.PAGES_UNREAD, Notice.OTHER_LANGUAGE),
    )  # fmt: skip
    shown = describing.show_one(read, moment)
    assert shown.state == TEXTS.render("state.reading", done=3, total=20)
    assert shown.share == 3 / 20
    assert size_of(1_250_000) in shown.facts
    assert "xx" in shown.facts
    assert shown.notices[0].endswith(TEXTS.render("on_pages", pages="4"))
    assert "1, 2, 3" in shown.notices[1]
    assert shown.notices[2] == FAULTS.render("other_language")
    assert describing.fault("kapot") == FAULTS.render("kapot")
    assert describing.fault("nooit-van-gehoord") == TEXTS.render("fault_unknown")


@pytest.mark.parametrize("state", DocumentState)
def test_there_are_words_for_every_state(state: DocumentState) -> None:
    moment = datetime(2027, 3, 1, tzinfo=UTC)
    document = OwnDocument("eigen-1", "o", "a.txt", "A", DocumentFormat.TEXT, 3, state, moment, fault="leeg")
    assert Describing(TEXTS, FAULTS, MOMENTS).show_one(document, moment).state


def test_sizes_read_as_people_write_them() -> None:
    assert [size_of(one).replace("\N{NO-BREAK SPACE}", " ") for one in (5, 3082, 51_000, 1_250_000)] == [
        "5 B",
        "3,1 kB",
        "51 kB",
        "1,2 MB",
    ]

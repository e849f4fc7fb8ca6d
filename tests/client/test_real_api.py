"""Both clients against the real API: every method reads what the server really sends."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import uvicorn

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.batches import BatchWorker
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations
from assistant.bootstrap.documents import Documents
from assistant.client import (
    Answered,
    Asked,
    Brief,
    Card,
    CardSummary,
    Conflicting,
    Found,
    InvalidRequest,
    NotFound,
    OwnDocument,
    Passage,
    Questionnaire,
    Report,
    Source,
    StreamEvent,
    TimedOut,
)
from assistant.client.values import Value
from assistant.settings import Settings
from assistant.surfaces.api import build_api
from assistant.surfaces.api.batches import JsonOutcomes
from tests.bootstrap.checking import fill, make
from tests.client.conftest import Connect
from tests.client.cutting import cut_cable

QUESTION = "Wat is het verschil tussen calculatief en relationeel vertrouwen?"
SITUATION = (
    "Sinds januari wisselen we spreadsheets uit: marktaandelen, kostprijzen, een risicomatrix. "
    "Wie de anderen zijn en waarom ze dit willen, daarover hebben we het nooit gehad."
)


class Served:
    """A server in a thread, and the coach behind it."""

    def __init__(self, port: int, coach: Coach) -> None:
        self.port, self.coach = port, coach
        self.address = f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def served(
    from_cards: Assistant, card_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    database = tmp_path_factory.mktemp("client") / "client.db"
    settings = card_settings.model_copy(update={"database_url": f"sqlite:///{database}"})
    problems = Texts.read(settings.prompts / "problems.yaml")
    with ExitStack() as open_:
        coach = open_.enter_context(closing(Coach.open(settings, from_cards)))
        storage = coach.storage
        outcomes = JsonOutcomes(from_cards, problems)
        open_.enter_context(closing(BatchWorker(storage, from_cards.ask_aside, outcomes)))
        rating = Conversations(settings, from_cards, storage)
        documents = Documents(settings, storage)
        app = build_api(
            from_cards,
            problems,
            coaching=coach,
            rating=rating,
            batches=storage.batches,
            documents=documents,
        )
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Served(server.servers[0].sockets[0].getsockname()[1], coach)
        server.should_exit = True
        thread.join()


def unknown_fields(value: object) -> set[str]:
    """Return the fields of a value and what is in it that the client has no type for."""
    if isinstance(value, Value):
        inside = [getattr(value, name) for name in type(value).model_fields]
        own = {f"{type(value).__name__}.{name}" for name in value.model_extra or {}}
        return own.union(*map(unknown_fields, inside))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return set[str]().union(*map(unknown_fields, parts))


def test_an_answer_and_a_follow_up(connect: Connect, served: Served) -> None:
    client = connect(served.address)
    first = client.answer(QUESTION)
    assert isinstance(first, Answered)
    assert {citation.number for citation in first.citations} == {
        int(mark) for mark in re.findall(r"\[(\d+)\]", first.answer)
    }
    assert unknown_fields(first) == set()
    second = client.answer(
        "En waarom is dat zo?", history=first.turns, sources=[first.citations[0].source_id]
    )
    assert "vertrouwen" in second.standalone_question.lower()
    assert client.answer("Hoe laat vertrekt de trein naar Zwolle?").refused


def test_a_stream_ends_in_the_answer(connect: Connect, served: Served) -> None:
    events = list(connect(served.address).stream(QUESTION))
    kinds = [type(event).__name__ for event in events]
    assert kinds == sorted(kinds, key=["Passage", "Claim", "Answered"].index)
    assert set(kinds) == {"Passage", "Claim", "Answered"}
    assert set().union(*map(unknown_fields, events)) == set()


@pytest.mark.parametrize("cuts", [(3000,), (4000, 2500, 5000), (6000, 0, 3000)])
def test_a_stream_over_a_bad_cable_is_the_same(
    connect: Connect, served: Served, cuts: tuple[int, ...]
) -> None:
    whole = list(connect(served.address).stream(QUESTION))
    with cut_cable(served.port, *cuts) as cable:
        patched = list(connect(cable.address).stream(QUESTION))
        assert cable.connections > len(cuts)
    assert [type(event) for event in patched] == [type(event) for event in whole]
    assert [type(one) for one in (patched[-1], whole[-1])] == [Answered, Answered]
    assert _lasting(patched[-1]) == _lasting(whole[-1])


def _lasting(event: StreamEvent) -> dict[str, object]:
    return event.model_dump(exclude={"id", "timings_ms"})


def test_what_answers_rest_on(connect: Connect, served: Served) -> None:
    client = connect(served.address)
    found = client.search("vertrouwen", limit=2, kinds=["begrip"])
    assert isinstance(found, Found)
    assert [passage.kind for passage in found.passages] == ["begrip", "begrip"]
    cards, sources = client.cards(), client.sources()
    card = client.card(cards[0].id)
    assert isinstance(found.passages[0], Passage)
    assert (type(cards[0]), type(card), type(sources[0])) == (CardSummary, Card, Source)
    assert unknown_fields((found, *cards, card, *sources)) == set()
    with pytest.raises(NotFound) as raised:
        client.source_text(sources[0].id)
    assert raised.value.type == "urn:alliantie:probleem:geen-tekst"


def test_what_readers_think(connect: Connect, served: Served) -> None:
    client = connect(served.address)
    client.feedback(client.answer(QUESTION), "unhelpful", ["unclear"], "Te kort.")
    with pytest.raises(InvalidRequest) as raised:
        client.feedback(client.answer(QUESTION), "zozo")  # type: ignore[arg-type]
    assert raised.value.errors[0].field == "verdict"


def test_many_questions_at_once(connect: Connect, served: Served) -> None:
    client = connect(served.address)
    batch = client.batch([QUESTION, Asked("Hoe laat vertrekt de trein naar Zwolle?", kinds=["begrip"])])
    again = client.reopen(batch.id)
    assert again.wait(limit=20).status == "done"
    results = list(batch.results())
    assert [(one.position, one.answer and one.answer.refused) for one in results] == [(0, False), (1, True)]
    assert unknown_fields((batch.progress(), *results)) == set()
    batch.cancel()
    with pytest.raises(NotFound):
        again.progress()


@pytest.fixture(scope="module")
def closed_check(served: Served) -> str:
    created = make(served.coach.checks)
    fill(served.coach.checks, created, 3, 3, 3)
    served.coach.checks.close(created.owner_key)
    return created.owner_key


def test_health_checks(connect: Connect, served: Served, closed_check: str) -> None:
    client = connect(served.address)
    asked = client.questionnaire()
    assert isinstance(asked, Questionnaire)
    with pytest.raises(Conflicting):
        client.report(make(served.coach.checks).owner_key)
    report = client.report(closed_check)
    assert isinstance(report, Report)
    assert (report.alliance, report.respondents) == ("Gezonde Wijken", 9)
    assert report.suggestions[0].citations
    assert b"Gezonde Wijken" in client.report_file(closed_check, "md")
    assert {one.rpartition(".")[2] for one in unknown_fields((asked, report))} <= {
        "statements", "items", "phases", "tensions",
    }  # fmt: skip


def test_documents_of_ones_own(connect: Connect, served: Served, tmp_path: Path) -> None:
    client = connect(served.address)
    path = tmp_path / "plan.md"
    path.write_bytes(b"# Plan\n\nDe stuurgroep vergadert in Vechtstad.")
    added = client.add_document(path)
    assert isinstance(added, OwnDocument)
    assert (added.name, added.is_working, added.shared) == ("plan.md", True, False)
    assert unknown_fields(added) == set()
    with pytest.raises(Conflicting):
        client.add_document(b"# Plan\n\nDe stuurgroep vergadert in Vechtstad.", "ook.md")
    with pytest.raises(TimedOut):
        client.wait_for_document(added.id, limit=0.1)
    with pytest.raises(Conflicting):
        client.document_text(added.id)
    assert client.share_document(added.id).shared
    assert client.document_file(added.id) == path.read_bytes()
    assert client.cancel_document(added.id).state == "cancelled"
    assert client.wait_for_document(added.id).state == "cancelled"
    newer = client.replace_document(added.id, b"# Beter plan", "beter.md")
    assert newer.shared
    assert newer.id in {one.id for one in client.document_history(newer.id)}
    for one in client.documents():
        client.remove_document(one.id)
    assert client.documents() == ()
    with pytest.raises(NotFound):
        client.document(added.id)
    with pytest.raises(InvalidRequest):
        client.add_document(b"", "leeg.txt")
    with pytest.raises(ValueError, match="name"):
        client.add_document(b"x")


def test_briefs(connect: Connect, served: Served) -> None:
    client = connect(served.address)
    brief = client.brief(SITUATION, title="Voorbereiding")
    assert isinstance(brief, Brief)
    assert brief.hypotheses[0].claim.text
    edited = brief.model_copy(update={"title": "Eigen titel"})
    assert b"Eigen titel" in client.brief_file(edited, "md")
    assert client.brief_file(brief, "docx")[:2] == b"PK"
    with pytest.raises(InvalidRequest):
        client.brief("")


def test_what_is_wrong_is_named_by_field(connect: Connect, served: Served) -> None:
    with pytest.raises(InvalidRequest) as raised:
        connect(served.address).answer("", sources=["bestaat-niet"])
    assert [one.field for one in raised.value.errors] == ["question", "filters.sources.0"]
    with pytest.raises(InvalidRequest):
        next(connect(served.address).stream(""))


def test_the_folder_of_the_client_holds_no_reader_text() -> None:
    # What readers see comes from the server, in Dutch; the client's own words are for programmers.
    folder = Path(__file__).parents[2] / "assistant" / "client"
    assert not any(re.search(r"\b(niet|een|vraag)\b", path.read_text()) for path in folder.glob("[!_]*.py"))

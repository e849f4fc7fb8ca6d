"""What a client's readers think of answers is kept for the curator, with the answers that come along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations, read_feedback
from assistant.domain import Feedback, Verdict
from assistant.settings import Settings
from assistant.surfaces.api import build_api
from tests.surfaces.test_cli import alliantie

SENT = {
    "answer_id": "4f1c2a7d90b34e5f8a6b7c8d9e0f1a2b",
    "verdict": "wrong",
    "reasons": ["source"],
    "remark": "Dit staat er\nniet. 🌱",
    "question": "Wat is vertrouwen?",
    "answer": "Geloof in de ander. [1]",
}


@pytest.fixture
def settings(card_settings: Settings, tmp_path: Path) -> Settings:
    return card_settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'coach.db'}"})


@pytest.fixture
def client(settings: Settings, coach: Coach, from_cards: Assistant, texts: Texts) -> Iterator[TestClient]:
    rating = Conversations(settings, from_cards, coach.storage)
    app = build_api(from_cards, texts, rating=rating)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_feedback_over_the_api_reaches_the_curator(client: TestClient, settings: Settings) -> None:
    assert client.post("/v1/feedback", json=SENT).status_code == 204
    [given] = read_feedback(settings)
    assert given.feedback == Feedback(Verdict.WRONG, ("source",), "Dit staat er\nniet. 🌱")
    assert given.exchange.id == SENT["answer_id"]
    told = alliantie("feedback", settings=settings).stdout
    for shown in ("Hier klopt iets niet", "source", "Wat is vertrouwen?", "Geloof in de ander. [1]"):
        assert shown in told


def test_who_thinks_otherwise_later_replaces_what_was_said(client: TestClient, settings: Settings) -> None:
    client.post("/v1/feedback", json=SENT)
    client.post("/v1/feedback", json={**SENT, "verdict": "helpful", "reasons": [], "remark": ""})
    assert [given.feedback for given in read_feedback(settings)] == [Feedback(Verdict.HELPFUL)]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"answer_id": ""}, "answer_id", "80 tekens"),
        ({"answer_id": "../x"}, "answer_id", "letters, cijfers"),
        ({"verdict": "meh"}, "verdict", "helpful, unhelpful, wrong"),
        ({"reasons": ["Zo maar"]}, "reasons.0", "kleine letters"),
        ({"reasons": ["x"] * 11}, "reasons", "10 is het maximum"),
        ({"remark": "x" * 2001}, "remark", "2000"),
        ({"remark": "\x1b[2J"}, "remark", "stuurteken"),
        ({"question": " "}, "question", "leeg"),
        ({"answer": "\u200b"}, "answer", "leeg"),
        ({"answer": "x" * 20_001}, "answer", "20000"),
        ({"answer": None}, "answer", "tekst"),
        ({"visitor": "Anna"}, "visitor", "bestaat niet"),
    ],
)
def test_feedback_that_cannot_be_kept_is_told_by_field(
    client: TestClient, settings: Settings, changes: dict[str, object], field: str, said: str
) -> None:
    response = client.post("/v1/feedback", json={**SENT, **changes})
    assert (response.status_code, response.json()["type"]) == (422, "urn:alliantie:probleem:ongeldig-verzoek")
    [error] = response.json()["errors"]
    assert error["field"] == field
    assert said in error["message"]
    assert read_feedback(settings) == ()


def test_feedback_goes_after_the_retention_period(
    client: TestClient, settings: Settings, coach: Coach, from_cards: Assistant
) -> None:
    client.post("/v1/feedback", json=SENT)
    keeping = settings.model_copy(update={"retention_days": 30})
    Conversations(keeping, from_cards, coach.storage)
    assert len(read_feedback(settings)) == 1
    coach.storage.feedback.purge(datetime.now(UTC) + timedelta(days=1))
    assert read_feedback(settings) == ()

"""``/v1/briefs`` over a real coach and real cards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.surfaces.api import build_api
from tests.bootstrap.checking import fill, make

GROWN = (
    "Ons netwerk is in twee jaar van vijf naar drieëntwintig leden gegroeid. De oprichters kennen de helft "
    "van de mensen niet meer. Nieuwe leden weten weinig van waar we ooit voor begonnen. Besluiten worden "
    "steeds doorgeschoven, omdat iedereen wil meepraten."
)


@pytest.fixture
def client(coach: Coach, from_cards: Assistant, texts: Texts) -> Iterator[TestClient]:
    with TestClient(build_api(from_cards, texts, coaching=coach), raise_server_exceptions=False) as client:
        yield client


def test_a_situation_becomes_a_brief_whose_numbers_have_sources(client: TestClient) -> None:
    brief = client.post("/v1/briefs", json={"title": "Te snel", "situation": GROWN}).json()
    numbers = {citation["number"] for citation in brief["citations"]}
    assert brief["hypotheses"]
    assert len(brief["interventions"]) == 3
    assert all(set(one["claim"]["citations"]) <= numbers for one in brief["hypotheses"])
    assert all(one["claim"]["citations"] for one in brief["hypotheses"])


def test_a_closed_check_becomes_a_brief_too(client: TestClient, coach: Coach) -> None:
    made = make(coach.checks)
    fill(coach.checks, made, 4, 3, 4, score=2)
    coach.checks.close(made.owner_key)
    brief = client.post("/v1/briefs", json={"check_key": made.owner_key}).json()
    assert brief["title"] == "Gezonde Wijken"
    assert brief["interventions"]


@pytest.mark.parametrize(("kind", "begins"), [("docx", b"PK"), ("md", b"# Aangepast")])
def test_an_edited_brief_is_written_to_a_file(client: TestClient, kind: str, begins: bytes) -> None:
    brief = client.post("/v1/briefs", json={"title": "Te snel", "situation": GROWN}).json()
    brief["title"] = "Aangepast"
    written = client.post("/v1/briefs/files", json={"brief": brief, "format": kind})
    assert written.status_code == 200, written.text
    assert written.content.startswith(begins)


def test_nothing_to_go_on_is_said_with_what_to_do(client: TestClient) -> None:
    response = client.post("/v1/briefs", json={"situation": "  "})
    assert (response.status_code, response.json()["title"]) == (422, "Niets om een brief over te maken")


def test_what_is_no_brief_is_not_written(client: TestClient) -> None:
    response = client.post("/v1/briefs/files", json={"brief": {"title": "x"}, "format": "docx"})
    missing = {error["field"] for error in response.json()["errors"]}
    assert (response.status_code, "brief.hypotheses" in missing) == (422, True)


def test_a_statement_that_no_card_has_is_refused_in_a_brief(client: TestClient) -> None:
    brief = client.post("/v1/briefs", json={"title": "Te snel", "situation": GROWN}).json()
    brief["hypotheses"][0]["claim"]["statements"] = ["verzonnen#1"]
    response = client.post("/v1/briefs/files", json={"brief": brief, "format": "md"})
    assert (response.status_code, response.json()["title"]) == (422, "Brief niet te lezen")

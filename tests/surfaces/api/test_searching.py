"""Passages can be sought apart from an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.surfaces.api import build_api
from tests.fakes import TEXT, FakeAssistant, an_answer
from tests.surfaces.api.conftest import Connect

QUESTION = "Wat is calculatief vertrouwen?"


@pytest.fixture
def client(from_cards: Assistant, texts: Texts) -> Iterator[TestClient]:
    with TestClient(build_api(from_cards, texts), raise_server_exceptions=False) as client:
        yield client


def test_the_best_passages_come_first_and_no_more_than_were_asked_for(client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": f" {QUESTION}\u200b", "limit": 3}).json()
    assert found["query"] == QUESTION
    assert [one["number"] for one in found["passages"]] == [1, 2, 3]
    scores = [one["score"] for one in found["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert found["passages"][0]["card_id"] == "calculatief-vertrouwen"
    assert {one["start"] for one in found["passages"]} == {None}


def test_without_a_limit_there_are_ten_and_there_may_be_fifty(client: TestClient) -> None:
    for params, count in (({}, 10), ({"limit": 50}, 50)):
        found = client.get("/v1/search", params={"q": QUESTION, **params}).json()
        assert len(found["passages"]) == count


def test_kinds_and_sources_narrow_a_search(client: TestClient) -> None:
    params = {"q": QUESTION, "kinds": ["begrip", "fase"], "sources": "jansen-2004-alliantievertrouwen"}
    found = client.get("/v1/search", params=params).json()["passages"]
    assert {one["kind"] for one in found} <= {"begrip", "fase"}
    assert all("jansen-2004-alliantievertrouwen" in one["source_ids"] for one in found)


@pytest.mark.parametrize(
    ("params", "field", "said"),
    [
        ({}, "q", "ontbreekt"),
        ({"q": " \u200b"}, "q", "leeg"),
        ({"q": "x" * 2001}, "q", "2000"),
        ({"q": "a\x07b"}, "q", "stuurteken"),
        ({"q": "x", "limit": "0"}, "limit", "ten minste 1"),
        ({"q": "x", "limit": "51"}, "limit", "ten hoogste 50"),
        ({"q": "x", "limit": "veel"}, "limit", "heel getal"),
        ({"q": "x", "sources": ["alliantiemanager", "nee"]}, "sources.1", "‘nee’"),
        ({"q": "x", "kinds": "kaart"}, "kinds.0", "Kies uit: fase"),
        ({"q": "x", "soort": "fase"}, "soort", "bestaat niet"),
    ],
)
def test_what_cannot_be_sought_is_told_by_field(
    client: TestClient, params: dict[str, str], field: str, said: str
) -> None:
    response = client.get("/v1/search", params=params)
    assert (response.status_code, response.json()["type"]) == (422, "urn:alliantie:probleem:ongeldig-verzoek")
    [error] = response.json()["errors"]
    assert error["field"] == field
    assert said in error["message"]


def test_a_passage_of_an_original_says_where_it_stands(connect: Connect) -> None:
    found = connect(FakeAssistant(an_answer())).get("/v1/search", params={"q": "x", "limit": 1}).json()
    [passage] = found["passages"]
    assert (passage["source_id"], passage["start"], passage["end"]) == ("met-tekst", 0, 24)
    assert TEXT[passage["start"] : passage["end"]]


@pytest.mark.originals
def test_offsets_of_passages_point_into_the_served_text(from_originals: Assistant, texts: Texts) -> None:
    client = TestClient(build_api(from_originals, texts))
    found = client.get("/v1/search", params={"q": QUESTION, "kinds": "bron"}).json()["passages"]
    assert found
    for passage in found:
        text = client.get(f"/v1/sources/{passage['source_id']}/text").text
        assert text[passage["start"] : passage["end"]] == passage["text"]

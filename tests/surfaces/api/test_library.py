"""Sources, their texts and cards can be read."""

from __future__ import annotations

from assistant.errors import IndexUnavailable
from tests.fakes import TEXT, FakeAssistant
from tests.surfaces.api.conftest import Connect


def test_the_bibliography_says_which_texts_are_present(connect: Connect) -> None:
    sources = connect(FakeAssistant()).get("/v1/sources").json()["sources"]
    assert [(source["id"], source["has_text"]) for source in sources] == [
        ("met-tekst", True),
        ("zonder-tekst", False),
    ]
    assert sources[0]["sections"] == ["Groei"]
    assert sources[0]["authors"] == ["A. Auteur"]


def test_offsets_of_a_citation_count_the_code_points_of_the_text(connect: Connect) -> None:
    client = connect(FakeAssistant())
    citation = client.post("/v1/answers", json={"question": "x"}).json()["citations"][0]
    response = client.get(f"/v1/sources/{citation['source_id']}/text")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == TEXT
    assert response.text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_source_without_its_text_says_so(connect: Connect) -> None:
    response = connect(FakeAssistant()).get("/v1/sources/zonder-tekst/text")
    assert response.status_code == 404
    assert response.json()["type"] == "urn:alliantie:probleem:geen-tekst"
    assert "niet aanwezig" in response.json()["detail"]


def test_an_unknown_source_is_named(connect: Connect) -> None:
    response = connect(FakeAssistant()).get("/v1/sources/n%C3%A9e%00/text")
    assert response.status_code == 404
    assert response.json()["type"] == "urn:alliantie:probleem:onbekende-bron"
    assert "née" in response.json()["detail"]


def test_cards_are_listed_without_their_text(connect: Connect) -> None:
    assert connect(FakeAssistant()).get("/v1/cards").json() == {
        "cards": [
            {
                "id": "vertrouwen",
                "kind": "begrip",
                "title": "Vertrouwen",
                "aliases": ["relationeel vertrouwen"],
                "phase": None,
                "related": [],
            }
        ]
    }


def test_a_card_has_the_reference_of_every_statement(connect: Connect) -> None:
    card = connect(FakeAssistant()).get("/v1/cards/vertrouwen").json()
    assert card["questions"] == ["Wat is vertrouwen?"]
    [section] = card["sections"]
    assert (section["heading"], section["role"]) == ("Kern", "definition")
    [statement] = section["statements"]
    assert statement["references"] == [{"source_id": "met-tekst", "section": "Groei"}]


def test_an_unknown_card_is_a_problem(connect: Connect) -> None:
    response = connect(FakeAssistant()).get("/v1/cards/onbekend")
    assert response.status_code == 404
    assert response.json()["type"] == "urn:alliantie:probleem:onbekende-kaart"


def test_without_an_index_the_library_is_closed(connect: Connect) -> None:
    client = connect(FakeAssistant(catalogue=IndexUnavailable(folder="x")))
    for path in ("/v1/sources", "/v1/sources/met-tekst/text", "/v1/cards", "/v1/cards/vertrouwen"):
        assert client.get(path).status_code == 503

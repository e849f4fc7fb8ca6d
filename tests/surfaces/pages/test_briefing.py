"""The brief: asked for, edited in the page, and handed over."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from assistant.bootstrap import Assistant
from assistant.settings import Settings
from assistant.surfaces.pages.briefing import key_in
from tests.surfaces.pages.coaching import PARTNERS, Served, served, visible_text

SITUATION = (
    "Onze alliantie van drie organisaties bestaat een half jaar. Er liggen drie onderzoeken naar elkaars "
    "financiën, en juristen schrijven aan een convenant. De bestuurders ontmoetten elkaar twee keer, met "
    "adviseurs erbij. Niemand weet waarom de ander meedoet <b>."
)
APART = ((5, 5, 5), (1, 1, 2), (3, 3, 3))

Fields = dict[str, str | list[str]]


@pytest.fixture(scope="module")
def pages(
    card_settings: Settings, from_cards: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served(card_settings, from_cards, tmp_path_factory.mktemp("pages")) as made:
        yield made


@pytest.fixture(scope="module")
def page(pages: Served) -> str:
    """Return the page of a brief on a check and a situation; nothing of a brief is kept."""
    key = pages.closed(*APART)
    asked = {"titel": "Wijken", "situatie": SITUATION, "sleutel": f"http://localhost/check/rapport/{key}"}
    made = pages.client.post("/brief", data=asked)
    assert made.status_code == 200, made.text
    return made.text


def fields_of(page: str) -> Fields:
    """Return what a browser would send of the form, as it is shown."""
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    inputs = re.findall(r'<input[^>]*?name="([^"]+)" value="([^"]*)"', page)
    fields: Fields = {}
    for name, value in [*areas, *inputs]:
        given = html.unescape(value)
        if name in ("houd", "wegneembaar"):
            several = fields.setdefault(name, [])
            assert isinstance(several, list)
            several.append(given)
        else:
            fields[name] = given
    return fields


def as_json(pages: Served, fields: Fields) -> dict[str, object]:
    answer = pages.client.post("/brief/bestand", data={**fields, "soort": "json"})
    assert answer.status_code == 200, answer.text
    return dict(json.loads(answer.content))


def test_a_brief_can_be_edited_whole_and_every_mark_leads_to_a_source(pages: Served, page: str) -> None:
    fields = fields_of(page)
    brief = as_json(pages, fields)
    for part in ("hypotheses", "interventions", "questions", "agenda"):
        assert brief[part]
        assert any(name.startswith(f"{part}.0.") for name in fields)
    assert set(re.findall(r'href="#bron-(\d+)"', page)) == set(re.findall(r'<li id="bron-(\d+)"', page))
    assert "eigen werkvorm" in page
    assert "<b>." not in page


def test_what_is_not_touched_comes_out_as_it_was(pages: Served, page: str) -> None:
    fields = fields_of(page)
    carried = json.loads(str(fields["brief"]))
    out = as_json(pages, fields)
    assert {name: out[name] for name in ("title", "situation", "caveats")} == {
        name: carried[name] for name in ("title", "situation", "caveats")
    }
    for part in ("hypotheses", "interventions", "questions", "agenda"):
        kept, came = carried[part], out[part]
        assert isinstance(came, list)
        assert len(came) == len(kept)
    assert [one["text"]["text"].split() for one in carried["agenda"]] == [
        one["text"]["text"].split()
        for one in out["agenda"]  # type: ignore[attr-defined]
    ]


def test_edits_and_what_was_taken_out_are_in_every_file(pages: Served, page: str) -> None:
    fields = fields_of(page)
    gone = json.loads(str(fields["brief"]))["interventions"][0]["title"]
    kept = fields["houd"]
    assert isinstance(kept, list)
    fields["houd"] = [one for one in kept if one not in ("interventions.0", "questions.0.questions.0")]
    fields["title"] = "Nieuwe titel"
    fields["interventions.1.steps.0.text"] = "Zet eerst koffie."
    fields["agenda.0.minutes"] = "25"
    plain = as_json(pages, fields)
    interventions, agenda = plain["interventions"], plain["agenda"]
    assert isinstance(interventions, list)
    assert isinstance(agenda, list)
    assert gone not in [one["title"] for one in interventions]
    assert interventions[0]["steps"][0]["text"] == "Zet eerst koffie."
    assert (plain["title"], agenda[0]["minutes"]) == ("Nieuwe titel", 25)
    markdown = pages.client.post("/brief/bestand", data={**fields, "soort": "md"})
    word = pages.client.post("/brief/bestand", data={**fields, "soort": "docx"})
    inside = ZipFile(io.BytesIO(word.content)).read("word/document.xml").decode()
    for text in (markdown.text, inside):
        assert "Zet eerst koffie." in text
        assert "Nieuwe titel" in text
    assert 'filename="voorbereiding-nieuwe-titel.docx"' in word.headers["content-disposition"]


@pytest.mark.parametrize("carried", ["", "{}", "[]", "geen json"])
def test_what_is_no_brief_is_turned_down(pages: Served, carried: str) -> None:
    assert pages.client.post("/brief/bestand", data={"brief": carried, "soort": "md"}).status_code == 400


def test_a_brief_that_cites_what_is_unknown_is_turned_down(pages: Served, page: str) -> None:
    fields = fields_of(page)
    carried = json.loads(str(fields["brief"]))
    carried["hypotheses"][0]["claim"]["statements"] = ["verzonnen#1"]
    answer = pages.client.post("/brief/bestand", data={**fields, "brief": json.dumps(carried), "soort": "md"})
    assert answer.status_code == 400
    assert pages.client.post("/brief/bestand", data={**fields, "soort": "exe"}).status_code == 400


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "Beschrijf wat er speelt"),
        ({"situatie": "x" * 6001}, "te lang"),
        ({"situatie": "Wij botsen.", "sleutel": "/check/rapport/onbekend"}, "hoort geen check"),
    ],
    ids=["nothing", "too long", "unknown check"],
)
def test_a_brief_that_cant_be_made_shows_the_form_as_it_was_filled_in(
    pages: Served, asked: dict[str, str], says: str
) -> None:
    answer = pages.client.post("/brief", data={"titel": "Mijn <titel>", **asked})
    assert answer.status_code == 422
    assert says in visible_text(answer.text)
    assert 'value="Mijn &lt;titel&gt;"' in answer.text
    assert asked.get("situatie", "") in answer.text


def test_a_check_that_is_open_gives_no_brief(pages: Served) -> None:
    key = pages.checks.create("Open", PARTNERS).owner_key
    answer = pages.client.post("/brief", data={"sleutel": key})
    assert (answer.status_code, "nog open" in visible_text(answer.text)) == (422, True)


def test_the_form_says_that_what_is_written_stays_here(pages: Served) -> None:
    assert "gaat niet verder dan de computer" in pages.text("/brief")


@pytest.mark.parametrize(
    "text",
    [
        "sleutel-1",
        "http://localhost:8000/check/rapport/sleutel-1",
        "/check/beheer/sleutel-1/",
        "https://a.nl/x/sleutel-1?bewaard#acties",
    ],
)
def test_a_key_is_read_from_whatever_of_the_address_was_pasted(text: str) -> None:
    assert key_in(text) == "sleutel-1"

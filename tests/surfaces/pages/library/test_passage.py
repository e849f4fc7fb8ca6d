"""The piece of a page that shows evidence in its surroundings and on its card."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.domain import Evidence
from assistant.surfaces.pages.marking import passage_link
from tests.surfaces.pages.coaching import Served, links_in, visible_text


def part(page: str, name: str) -> str:
    """Return a section of the piece."""
    found = re.search(rf'<section class="{name}".*?</section>', page, re.DOTALL)
    assert found, page
    return found[0]


def marks(page: str) -> str:
    return unescape(" ".join(re.findall(r"<mark>(.*?)</mark>", page, re.DOTALL)))


def evidence_of(served: Served, statement: str) -> Evidence:
    return served.assistant.catalogue.evidence[statement][0]


def get(served: Served, evidence: Evidence) -> str:
    """Return the piece for evidence, which must be there."""
    response = served.client.get(passage_link(evidence, served.assistant.catalogue))
    assert response.status_code == 200
    return response.text


@pytest.mark.originals
def test_the_marked_words_of_the_text_are_the_quote_and_those_of_the_card_its_statement(
    originals_served: Served,
) -> None:
    catalogue = originals_served.assistant.catalogue
    statements = {one.id: one.plain for card in catalogue.cards.values() for one in card.statements}
    for id_, several in list(catalogue.evidence.items())[::25]:
        for evidence in several:
            page = get(originals_served, evidence)
            assert "<html" not in page
            assert marks(part(page, "origineel")).split() == evidence.quote.split()
            assert statements[id_] in marks(part(page, "kaart"))
            (whole,) = (one for one in links_in(page) if one.startswith("/bronnen/"))
            assert whole.endswith("#citaat")
            assert evidence.section in visible_text(page)


@pytest.mark.originals
def test_a_span_without_a_card_finds_the_statements_that_rest_on_it(originals_served: Served) -> None:
    evidence = evidence_of(originals_served, "funderen#1")
    page = get(originals_served, replace(evidence, card_id=None))
    assert "/kaarten/funderen" in links_in(page)
    assert "zoeken naar hun gemeenschappelijke identiteit" in marks(part(page, "kaart"))


@pytest.mark.originals
def test_a_span_that_no_card_rests_on_says_so(originals_served: Served) -> None:
    document = originals_served.assistant.catalogue.documents["alliantiemanager"]
    page = originals_served.client.get("/passage?bron=alliantiemanager&van=3&tot=9").text
    assert marks(part(page, "origineel")) == document.text[3:9]
    assert "hoort geen kaart" in visible_text(part(page, "kaart"))


@pytest.mark.originals
def test_words_that_are_not_at_their_place_any_more_are_not_marked_but_the_card_is_there(
    originals_served: Served,
) -> None:
    evidence = evidence_of(originals_served, "funderen#1")
    page = get(originals_served, replace(evidence, quote="Dit stond er vroeger."))
    assert "staan niet meer zo in deze tekst" in visible_text(part(page, "origineel"))
    assert marks(page) == ""
    assert "/kaarten/funderen" in links_in(page)


@pytest.mark.originals
def test_words_that_moved_in_a_text_are_found_where_they_are_now(originals_served: Served) -> None:
    evidence = evidence_of(originals_served, "funderen#1")
    assert evidence.span
    moved = replace(evidence, span=replace(evidence.span, start=1, end=1 + len(evidence.quote)))
    assert marks(part(get(originals_served, moved), "origineel")).split() == evidence.quote.split()


@pytest.mark.originals
def test_a_place_beyond_the_text_is_told(originals_served: Served) -> None:
    page = originals_served.client.get("/passage?bron=alliantiemanager&van=900000&tot=900009")
    assert page.status_code == 200
    assert "staan niet meer zo" in visible_text(page.text)


@pytest.mark.originals
def test_what_was_cited_from_a_card_is_shown_in_the_text_once_that_is_there(
    cards: Served, originals_served: Served
) -> None:
    page = get(originals_served, evidence_of(cards, "funderen#1"))
    evidence = evidence_of(originals_served, "funderen#1")
    assert marks(part(page, "origineel")).split() == evidence.quote.split()


def test_without_the_text_the_statement_is_marked_on_its_card(cards: Served) -> None:
    catalogue = cards.assistant.catalogue
    for card in list(catalogue.cards.values())[::10]:
        for statement in card.statements:
            for evidence in catalogue.evidence[statement.id]:
                page = get(cards, evidence)
                assert "hier niet aanwezig" in visible_text(part(page, "origineel"))
                assert marks(page) == statement.plain
                assert evidence.section in visible_text(page)


def test_without_the_text_a_place_in_it_still_shows_how_its_card_begins(cards: Served) -> None:
    page = cards.client.get("/passage?bron=alliantiemanager&van=3&tot=9&kaart=netwerker").text
    assert "Zo begint de kaart" in visible_text(page)
    assert next(cards.assistant.catalogue.cards["netwerker"].statements).plain in visible_text(page)


def test_a_statement_that_a_card_does_not_make_any_more_is_not_marked(cards: Served) -> None:
    page = get(cards, replace(evidence_of(cards, "funderen#1"), quote="Dit zei de kaart vroeger."))
    assert marks(page) == ""
    assert "Zo begint de kaart" in visible_text(page)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bron=niemand",
        "bron=alliantiemanager&van=een&tot=twee",
        "bron=alliantiemanager&van=9&tot=3",
        "bron=alliantiemanager&van=-1&tot=3",
        "bron=alliantiemanager&van=1",
        "bron=alliantiemanager&van=1&tot=9999999999999999999999",
        "bron=alliantiemanager&van=1&tot=5&merk=<script>",
        "bron=<script>alert(1)</script>",
    ],
)
def test_an_address_that_makes_no_sense_gets_a_kind_piece_and_not_found(cards: Served, asked: str) -> None:
    response = cards.client.get(f"/passage?{asked}")
    assert response.status_code == 404
    assert "<html" not in response.text
    assert "<script>" not in response.text
    assert "Deze passage kunnen wij niet vinden" in visible_text(response.text)

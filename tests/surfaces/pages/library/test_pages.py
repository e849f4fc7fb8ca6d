"""The pages of the cards and the sources, with the originals and without."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest

from assistant.surfaces.pages.marking import link_to
from tests.surfaces.pages.coaching import Served, links_in, visible_text


@pytest.mark.originals
def test_every_span_that_proves_a_statement_can_be_read_marked_in_its_text(originals_served: Served) -> None:
    catalogue = originals_served.assistant.catalogue
    found = [one for several in catalogue.evidence.values() for one in several if one.span]
    for evidence in found[::40]:
        page = originals_served.client.get(link_to(evidence, catalogue))
        assert page.text.count('<mark id="citaat">') == 1
        marked = " ".join(
            unescape(one) for one in re.findall(r"<mark[^>]*>(.*?)</mark>", page.text, re.DOTALL)
        )
        assert marked.split() == evidence.quote.split()


@pytest.mark.originals
@pytest.mark.parametrize("asked", ["van=5&tot=99999999", "van=9&tot=3", "van=-1&tot=4", "van=een&tot=twee"])
def test_a_place_that_is_not_in_the_text_is_told_and_nothing_is_marked(
    originals_served: Served, asked: str
) -> None:
    page = originals_served.client.get(f"/bronnen/alliantiemanager?{asked}")
    assert page.status_code == 200
    assert "<mark" not in page.text
    assert "staat niet in deze tekst" in visible_text(page.text)


def test_without_its_text_a_source_shows_that_only_cards_are_there_and_what_they_say(cards: Served) -> None:
    page = cards.client.get("/bronnen/alliantiemanager?van=1&tot=9")
    assert "alleen kaarten" in visible_text(page.text)
    links = [one for one in links_in(page.text) if one.startswith("/kaarten/")]
    assert links
    for link in links[::20]:
        card, _, number = link.partition("#")
        assert f'id="{number}"' in cards.client.get(card).text


def test_a_card_shows_each_statement_with_its_sources_and_every_link_leads_somewhere(cards: Served) -> None:
    card = cards.assistant.catalogue.cards["funderen"]
    page = cards.client.get("/kaarten/funderen").text
    for statement in card.statements:
        assert statement.plain in visible_text(page)
        assert f'<li id="{statement.id.rpartition("#")[2]}">' in page
    ours = {one for one in links_in(page) if one.startswith(("/bronnen/", "/kaarten/"))}
    assert ours
    assert {cards.client.get(one).status_code for one in ours} == {200}


@pytest.mark.parametrize("path", ["/bronnen/niemand", "/kaarten/niets", "/kaarten/<script>"])
def test_what_is_not_there_gets_a_page_that_says_so(cards: Served, path: str) -> None:
    page = cards.client.get(path)
    assert page.status_code == 404
    assert "<script>" not in page.text.replace("<script src", "")


def test_a_card_offers_its_questions_to_the_chat_and_the_first_one_prominently(cards: Served) -> None:
    card = cards.assistant.catalogue.cards["funderen"]
    links = [
        one for one in links_in(cards.client.get("/kaarten/funderen").text) if one.startswith("/?vraag=")
    ]
    asked = [unquote(one.removeprefix("/?vraag=")) for one in links]
    assert asked == [card.questions[0], *card.questions]


def test_a_card_names_its_kind_its_other_names_its_phase_and_its_sources(cards: Served) -> None:
    page = cards.client.get("/kaarten/inhoud-en-proces").text
    assert {"/bibliotheek?soort=paradox", "/kaarten/funderen"} <= set(links_in(page))
    assert "/bronnen/boonstra-2023-strategisch-samenwerken" in links_in(page)
    for name in cards.assistant.catalogue.cards["inhoud-en-proces"].aliases:
        assert name in visible_text(page)


def test_every_card_has_a_page(cards: Served) -> None:
    found = cards.assistant.catalogue.cards
    assert {cards.client.get(f"/kaarten/{one}").status_code for one in found} == {200}


def test_the_list_of_sources_says_that_only_cards_are_there(cards: Served) -> None:
    page = cards.client.get("/bronnen").text
    sources = cards.assistant.catalogue.sources.values()
    assert visible_text(page).count("De tekst is hier niet aanwezig") == len(sources)
    for source in sources:
        assert f"/bronnen/{source.id}" in links_in(page)
        assert source.title in visible_text(page)


@pytest.mark.originals
def test_the_list_of_sources_says_which_texts_are_there(originals_served: Served) -> None:
    text = visible_text(originals_served.client.get("/bronnen").text)
    assert text.count("De tekst is hier aanwezig") == len(originals_served.assistant.catalogue.documents)


def test_a_source_counts_the_cards_that_rest_on_it_and_leads_to_them_and_to_the_chat(cards: Served) -> None:
    page = cards.client.get("/bronnen/alliantiemanager").text
    assert "/?bron=alliantiemanager" in links_in(page)
    assert "/bibliotheek?bron=alliantiemanager" in links_in(page)
    resting = [
        card
        for card in cards.assistant.catalogue.cards.values()
        if any(ref.source_id == "alliantiemanager" for one in card.statements for ref in one.references)
    ]
    assert f"{len(resting)} kaarten rusten op deze bron" in visible_text(page)

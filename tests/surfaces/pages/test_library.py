"""The source viewer and the cards, with the originals and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from assistant.bootstrap import Assistant
from assistant.domain import Document, DocumentSection, Span
from assistant.settings import Settings
from assistant.surfaces.pages.marking import link_to
from assistant.surfaces.pages.passages import Piece, show_document
from tests.surfaces.pages.coaching import Served, links_in, served, visible_text

TEXT = "Groei\n\nVertrouwen groeit <b>traag</b>.\n\nHet verdwijnt snel.\n"
DOCUMENT = Document("bron", TEXT, (DocumentSection("Groei", Span(0, len(TEXT))),), ())


@pytest.fixture
def cards(card_settings: Settings, from_cards: Assistant, tmp_path: Path) -> Iterator[Served]:
    with served(card_settings, from_cards, tmp_path) as pages:
        yield pages


@pytest.fixture
def originals_served(
    original_settings: Settings, from_originals: Assistant, tmp_path: Path
) -> Iterator[Served]:
    with served(original_settings, from_originals, tmp_path) as pages:
        yield pages


@pytest.mark.parametrize("start", range(0, len(TEXT), 7))
@pytest.mark.parametrize("length", [1, 9, 40])
def test_the_marked_pieces_of_a_text_are_the_cited_words_and_one_of_them_is_first(
    start: int, length: int
) -> None:
    cited = Span(start, min(start + length, len(TEXT.rstrip())))
    (section,) = show_document(DOCUMENT, cited)
    pieces = [piece for line in (section.heading, *section.paragraphs) for piece in line]
    assert "".join(TEXT.split()) == "".join("".join(piece.text for piece in pieces).split())
    marked = "".join(piece.text for piece in pieces if piece.is_cited)
    assert marked.split() == TEXT[cited.start : cited.end].split() or "\n" in TEXT[cited.start : cited.end]
    assert sum(piece.is_first for piece in pieces) == bool(TEXT[cited.start].strip())


def test_a_heading_that_the_text_has_itself_is_shown_once() -> None:
    (section,) = show_document(DOCUMENT, None)
    assert section.heading == (Piece("Groei", False),)
    assert len(section.paragraphs) == 2


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

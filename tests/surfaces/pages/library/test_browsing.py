"""Browsing and searching the library, as a client without JavaScript sees it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from assistant.domain import CardKind
from assistant.surfaces.pages.library.browsing import KINDS, Sought, browse
from tests.surfaces.pages.coaching import Served, links_in, visible_text


def cards_in(page: str) -> list[str]:
    return [one.removeprefix("/kaarten/") for one in links_in(page) if one.startswith("/kaarten/")]


def test_all_kinds_have_a_place() -> None:
    assert set(KINDS) == set(CardKind)


def test_without_a_search_every_card_and_every_source_is_there(cards: Served) -> None:
    page = cards.client.get("/bibliotheek").text
    catalogue = cards.assistant.catalogue
    assert set(cards_in(page)) == set(catalogue.cards)
    assert {f"/bronnen/{one}" for one in catalogue.sources} <= set(links_in(page))


@pytest.mark.parametrize("kind", list(CardKind))
def test_a_kind_shows_its_cards_alone(cards: Served, kind: CardKind) -> None:
    page = cards.client.get(f"/bibliotheek?soort={kind}").text
    expected = {card.id for card in cards.assistant.catalogue.cards.values() if card.kind is kind}
    assert set(cards_in(page)) == expected
    assert f"{len(expected)} kaarten gevonden" in visible_text(page)


def test_filters_and_words_work_together_and_are_kept_in_the_form(cards: Served) -> None:
    source = "boonstra-2023-strategisch-samenwerken"
    page = cards.client.get(f"/bibliotheek?zoek=gevoel&soort=paradox&fase=formeren&bron={source}").text
    assert cards_in(page) == ["vertrouwen-op-gevoel-en-analyse"]
    assert 'value="gevoel"' in page
    assert set(re.findall(r'<option value="([^"]+)" selected', page)) == {"paradox", "formeren", source}


def test_the_count_of_every_option_is_what_choosing_it_shows(cards: Served) -> None:
    catalogue = cards.assistant.catalogue
    names = cards.checks.questionnaire.phase_names
    shown = browse(Sought("vertrouwen", phase="formeren"), catalogue, names)
    for option in shown.kinds:
        assert browse(Sought("vertrouwen", option.value, "formeren"), catalogue, names).count == option.count
    for option in shown.phases:
        assert browse(Sought("vertrouwen", phase=option.value), catalogue, names).count == option.count
    for option in shown.from_sources:
        chosen = Sought("vertrouwen", phase="formeren", source=option.value)
        assert browse(chosen, catalogue, names).count == option.count


def test_found_words_are_marked(cards: Served) -> None:
    page = cards.client.get("/bibliotheek?zoek=veerkracht").text
    assert "<mark>Veerkracht</mark>" in page
    assert cards_in(page)[0] == "veerkracht"


def test_a_source_is_found_by_its_author(cards: Served) -> None:
    page = cards.client.get("/bibliotheek?zoek=jansen 2004").text
    assert "/bronnen/jansen-2004-alliantievertrouwen" in links_in(page)


def test_nothing_found_says_what_was_sought_and_how_to_go_on(cards: Served) -> None:
    page = cards.client.get("/bibliotheek?zoek=kwantum <b>mechanica</b>").text
    assert "Geen kaart gevonden voor ‘kwantum <b>mechanica</b>’" in visible_text(page)
    assert "<b>" not in page
    assert f"/?vraag={quote('kwantum <b>mechanica</b>', safe='/')}" in links_in(page)


def test_filters_that_leave_nothing_offer_the_same_words_without_them(cards: Served) -> None:
    address = "/bibliotheek?zoek=vertrouwen&soort=rol&bron=de-beuk-samenwerken-in-allianties"
    page = cards.client.get(address).text
    assert cards_in(page) == []
    assert "/bibliotheek?zoek=vertrouwen" in links_in(page)
    assert cards_in(cards.client.get("/bibliotheek?zoek=vertrouwen").text)


@pytest.mark.parametrize("asked", ["soort=niets", "fase=alliantie", "bron=../..", "zoek=%00%1b", "andere=1"])
def test_what_makes_no_sense_is_left_out(cards: Served, asked: str) -> None:
    assert cards.client.get(f"/bibliotheek?{asked}").status_code == 200
    assert Sought.read({"soort": "niets", "fase": "alliantie"}, cards.assistant.catalogue) == Sought()

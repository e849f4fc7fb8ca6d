"""The pictures of the phases and the paradoxes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assistant.answering.prompts import Texts
from assistant.domain import CardKind, Catalogue, Questionnaire
from assistant.settings import default_prompts
from assistant.surfaces.pages.library.pictures import WIDTH, draw_paradoxes, draw_phases
from tests.surfaces.pages.coaching import Served, links_in


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.read(default_prompts() / "pages_library.yaml")


@pytest.fixture
def catalogue(cards: Served) -> Catalogue:
    return cards.assistant.catalogue


@pytest.fixture
def charts(cards: Served) -> Questionnaire:
    return cards.checks.questionnaire


def test_every_phase_and_paradox_leads_to_its_card_from_a_picture(cards: Served) -> None:
    page = cards.client.get("/bibliotheek").text
    drawn = {link for svg in re.findall(r"<svg viewBox.*?</svg>", page, re.DOTALL) for link in links_in(svg)}
    kinds = (CardKind.PHASE, CardKind.PARADOX)
    assert drawn == {
        f"/kaarten/{card.id}" for card in cards.assistant.catalogue.cards.values() if card.kind in kinds
    }


def test_each_author_has_a_picture_with_the_phases_in_order_and_the_card_about_them(
    charts: Questionnaire, catalogue: Catalogue, texts: Texts
) -> None:
    pictures = draw_phases(charts, catalogue, texts)
    for model, picture in zip(charts.models, pictures, strict=True):
        assert [box.link.removeprefix("/kaarten/") for box in picture.boxes] == list(model.phases)
    assert [one.model.link for one in pictures if one.model] == [
        "/kaarten/vier-fasen-van-een-waardengedreven-alliantie",
        "/kaarten/nav-model",
        "/kaarten/de-beuk-per-fase",
    ]
    assert [one.source for one in pictures] == ["Boonstra 2023", "Jansen 2004", "De Beuk"]
    assert [one.is_ring for one in pictures] == [True, False, False]


def test_nothing_is_drawn_outside_the_drawing_or_over_something_else(
    charts: Questionnaire, catalogue: Catalogue, texts: Texts
) -> None:
    for picture in draw_phases(charts, catalogue, texts):
        for box in picture.boxes:
            assert 0 <= box.x <= box.x + box.width <= WIDTH
            assert 0 <= box.y <= box.y + box.height <= picture.height
            others = (one for one in picture.boxes if one is not box)
            assert all(abs(box.x - one.x) >= box.width or abs(box.y - one.y) >= box.height for one in others)
    for group in draw_paradoxes(charts, catalogue, texts).pictures:
        ends = [0.0, *(row.y + row.height for row in group.rows)]
        assert all(row.y >= end for row, end in zip(group.rows, ends, strict=False))
        assert ends[-1] <= group.height


def test_the_poles_of_a_paradox_are_two_and_those_that_are_only_named_stand_apart(
    charts: Questionnaire, catalogue: Catalogue, texts: Texts
) -> None:
    drawn = draw_paradoxes(charts, catalogue, texts)
    for group in drawn.pictures:
        for row in group.rows:
            assert " ".join(row.left), row.name
            assert " ".join(row.right), row.name
            assert row.left != row.right
    named = {row.link for group in drawn.pictures if group.is_only_named for row in group.rows}
    assert "/kaarten/autonomie-en-gemeenschappelijke-strategie" in named
    assert "/kaarten/inhoud-en-proces" not in named
    assert drawn.overview
    assert drawn.overview.link == "/kaarten/twaalf-paradoxen"
    assert drawn.missing


def test_a_catalogue_without_cards_draws_nothing(
    charts: Questionnaire, catalogue: Catalogue, texts: Texts
) -> None:
    empty = replace(catalogue, cards={})
    assert draw_phases(charts, empty, texts) == ()
    assert draw_paradoxes(charts, empty, texts).pictures == ()

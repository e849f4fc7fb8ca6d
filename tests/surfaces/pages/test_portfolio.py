"""A coach's view over the checks that were shared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.bootstrap import Assistant
from assistant.domain import ChosenAction
from assistant.settings import Settings
from assistant.surfaces.pages.portfolio import widest_gap
from tests.surfaces.pages.coaching import PARTNERS, Served, served, visible_text

APART = ((5, 5, 5), (1, 1, 2), (3, 3, 3))


@pytest.fixture(scope="module")
def pages(
    card_settings: Settings, from_cards: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served(card_settings, from_cards, tmp_path_factory.mktemp("pages")) as made:
        yield made


def test_a_new_portfolio_is_empty_and_shows_its_link_and_its_code(pages: Served) -> None:
    assert "Open een portfolio" in pages.text("/portfolio")
    path = pages.client.post("/portfolio").headers["location"]
    page = pages.client.get(path).text
    key = path.rpartition("/")[2]
    assert f'value="http://localhost{path}"' in page
    assert f'value="{pages.checks.portfolio(key).share_code}"' in page
    assert "Nog geen alliantie" in page
    assert pages.client.get("/portfolio/onbekend").status_code == 404


def test_a_portfolio_shows_the_newest_round_of_each_alliance_and_what_stands_open(pages: Served) -> None:
    portfolio = pages.checks.open_portfolio()
    first = pages.closed(*APART, alliance="Wijken <i>")
    second = pages.closed(*APART, alliance="Wijken <i>", previous=first)
    other = pages.checks.create("Andere", PARTNERS).owner_key
    pages.checks.choose(
        second,
        [
            ChosenAction("", "Samen lunchen", "Bo", date(2027, 2, 1)),
            ChosenAction("", "Al gedaan", "Bo", date(2027, 1, 1), True),
        ],
    )
    for key in (first, second, other):
        pages.checks.share(key, portfolio.share_code)
    page = pages.client.get(f"/portfolio/{portfolio.key}").text
    text = visible_text(page)
    report = pages.checks.report(second)
    assert page.count("<article") == 2
    assert "Uitkomst van ronde 2" in text
    assert "Wijken <i>" in text
    assert "Samen lunchen. Bo, 1 februari 2027" in text
    assert "Al gedaan" not in text
    assert "nog niet gesloten" in text
    gap = widest_gap(report)
    assert gap
    assert (gap.high, gap.low) == (PARTNERS[0], PARTNERS[1])
    assert f"‘{gap.title}’" in text
    for condition in report.conditions:
        assert f"{condition.score.title} {str(condition.score.mean).replace('.', ',')}" in text


def test_a_portfolio_gives_a_coach_no_way_to_what_is_the_owner_s(pages: Served) -> None:
    portfolio = pages.checks.open_portfolio()
    key = pages.closed(*APART)
    pages.checks.share(key, portfolio.share_code)
    page = pages.client.get(f"/portfolio/{portfolio.key}").text
    assert key not in page
    assert "<form" not in page
    assert "/check/rapport" not in page
    assert "/check/beheer" not in page


def test_under_three_people_a_portfolio_shows_no_figure(pages: Served) -> None:
    portfolio = pages.checks.open_portfolio()
    pages.checks.share(pages.closed((5,), (1,)), portfolio.share_code)
    text = pages.text(f"/portfolio/{portfolio.key}")
    assert "minstens drie mensen" in text
    assert "Grootste verschil" not in text

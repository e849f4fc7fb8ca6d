"""The library in a real browser: wide and narrow, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.surfaces.pages.conftest import Served

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
PATHS = (
    "/bibliotheek",
    "/bibliotheek?zoek=vertrouwen",
    "/bibliotheek?zoek=kwantummechanica",
    "/kaarten/inhoud-en-proces",
    "/kaarten/er-is-geen-kaart",
    "/bronnen",
    "/bronnen/alliantiemanager",
)


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_the_library_scrolls_sideways_and_each_has_one_heading(
    served: Served, open_page: OpenPage, width: int
) -> None:
    page = open_page(f"{served.address}/bibliotheek", width=width)
    for path in PATHS:
        page.goto(f"{served.address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert page.get_by_role("heading", level=1).count() == 1, path


def test_the_words_in_the_pictures_stay_inside_their_boxes(served: Served, open_page: OpenPage) -> None:
    page = open_page(f"{served.address}/bibliotheek", width=360)
    outside = """
      [...document.querySelectorAll('.beeld svg a')].flatMap(link => {
        const box = link.querySelector('rect').getBoundingClientRect();
        return [...link.querySelectorAll('text')].filter(one => {
          const text = one.getBoundingClientRect();
          return text.left < box.left || text.right > box.right || text.bottom > box.bottom;
        }).map(one => one.textContent);
      })
    """
    assert page.evaluate(outside) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_searches_narrows_down_and_opens_a_card_and_goes_back(
    served: Served, open_page: OpenPage, javascript: bool
) -> None:
    page = open_page(f"{served.address}/bibliotheek", javascript=javascript)
    page.get_by_label("Zoek in de kaarten").fill("vertrouwen")
    page.get_by_label("Zoek in de kaarten").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("kaarten gevonden voor ‘vertrouwen’")
    page.get_by_label("Soort kaart").select_option("paradox")
    page.get_by_role("button", name="Zoek", exact=True).click()
    expect(page).to_have_url(re.compile("zoek=vertrouwen&soort=paradox"))
    page.get_by_role("link", name="Vertrouwen en controle").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vertrouwen en controle")
    page.go_back()
    expect(page.get_by_label("Soort kaart")).to_have_value("paradox")
    page.get_by_role("link", name="Wis alles").click()
    expect(page).to_have_url(f"{served.address}/bibliotheek")


def test_a_picture_leads_to_a_card_by_keyboard(served: Served, open_page: OpenPage) -> None:
    page = open_page(f"{served.address}/bibliotheek")
    link = page.locator(".beeld svg").get_by_role("link", name="Funderen")
    link.focus()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{served.address}/kaarten/funderen")

"""Every tab before axe-core, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assistant.settings import Settings
from tests.surfaces.serving import Running, serving

pytestmark = pytest.mark.browser

TABS = ("/bibliotheek", "/kaarten/funderen", "/bronnen", "/check", "/brief", "/portfolio", "/documenten")
PLACES = (*TABS, "/over", "/gesprekken")
SCREENS = [(1280, "light"), (360, "dark")]


@pytest.fixture(scope="module")
def server(card_settings: Settings) -> Iterator[Running]:
    with serving(card_settings) as running:
        yield running


@pytest.fixture(params=SCREENS, ids=["wide and light", "narrow and dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(
        viewport=ViewportSize(width=width, height=860), color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """Return the serious and critical findings, and whether the page scrolls sideways."""
    found = [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    is_wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, "scrolls sideways"] if is_wider else found


@pytest.mark.parametrize("place", PLACES)
def test_every_page_is_accessible(page: Page, server: Running, place: str) -> None:
    page.goto(server.address + place)
    assert faults(page) == []


def test_the_chat_is_accessible_in_each_of_its_states(page: Page, server: Running) -> None:
    page.goto(server.address)
    box = page.get_by_label("Uw vraag")
    box.wait_for()
    assert faults(page) == []
    box.fill("Wat is het verschil tussen calculatief en relationeel vertrouwen?")
    box.press("Enter")
    expect(page.locator('#nu .beurt[data-stand="done"]')).to_be_visible(timeout=15_000)
    expect(page.locator(".titelbalk .menu")).to_be_visible()
    assert faults(page) == []
    page.locator("#nu a.noot").first.click()
    expect(page.locator("#passage mark").first).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Niet nuttig").click()
    assert faults(page) == []

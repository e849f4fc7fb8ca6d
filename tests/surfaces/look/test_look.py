"""The header, and the theme switch in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.settings import Settings, default_prompts
from assistant.surfaces import look
from tests.surfaces.serving import Running, serving

TEXTS = Texts.read(default_prompts() / "look.yaml")
TABS = {
    "vraag": "/",
    "bibliotheek": "/bibliotheek",
    "check": "/check",
    "brief": "/brief",
    "documenten": "/documenten",
    "over": "/over",
}
PAGE = '{% from "header.html" import head, header %}{{ head() }}{{ header(tab) }}'


def rendered(tab: str) -> str:
    environment = Environment(
        loader=DictLoader({"page.html": PAGE}), autoescape=True, undefined=StrictUndefined
    )
    look.furnish(environment, TEXTS)
    return environment.get_template("page.html").render(tab=tab)


@pytest.mark.parametrize("tab", TABS)
def test_the_header_leads_to_every_tab_and_says_which_is_open(tab: str) -> None:
    links = re.findall(r'<a href="([^"]+)"( aria-current="page")?>([^<]+)</a>', rendered(tab))
    assert [address for address, _, _ in links] == list(TABS.values())
    assert [text for _, current, text in links if current] == [TEXTS.render(f"tab.{tab}")]


def test_a_page_outside_the_tabs_lights_none() -> None:
    assert "aria-current" not in rendered("")


def test_all_that_the_header_asks_for_is_served_at_an_address_that_follows_its_content() -> None:
    client = TestClient(Starlette(routes=[look.ASSETS.mount()]))
    addresses = set(re.findall(rf'"({look.ASSETS.path}/[^"]+)"', rendered("over")))
    assert {address.split("?")[0].rpartition("/")[2] for address in addresses} == {
        "house.css", "theme.js", "logo.svg",
    }  # fmt: skip
    assert {client.get(address).status_code for address in addresses} == {200}
    assert all("?v=" in address for address in addresses)


@pytest.fixture(scope="module")
def server(card_settings: Settings) -> Iterator[Running]:
    with serving(card_settings) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(color_scheme="dark", viewport=ViewportSize(width=1280, height=800))
    yield opened
    opened.close()


def is_dark(page: Page) -> bool:
    """Return whether the page is dark to us and to Gradio alike; they must agree."""
    seen = page.evaluate(
        """[document.documentElement.classList.contains("dark"), document.body.classList.contains("dark"),
            getComputedStyle(document.querySelector(".huiskop")).backgroundColor === "rgb(18, 23, 22)"]"""
    )
    assert len(set(seen)) == 1, seen
    return bool(seen[0])


@pytest.mark.browser
@pytest.mark.parametrize("place", ["/", "/over"])
def test_the_theme_follows_the_device_until_somebody_chooses(
    context: BrowserContext, server: Running, place: str
) -> None:
    page = context.new_page()
    page.goto(server.address + place)
    choice = page.get_by_label(TEXTS.render("theme"))
    expect(choice).to_have_value("automatisch")
    expect(page.locator("body.dark")).to_have_count(1)
    assert is_dark(page)
    choice.select_option("licht")
    assert not is_dark(page)
    page.evaluate("document.body.classList.add('dark')")  # As Gradio does by itself.
    expect(page.locator("body.dark")).to_have_count(0)
    choice.select_option("automatisch")
    page.emulate_media(color_scheme="light")
    expect(page.locator("body.dark")).to_have_count(0)
    assert not is_dark(page)


@pytest.mark.browser
def test_a_chosen_theme_is_there_before_anything_else_is(context: BrowserContext, server: Running) -> None:
    first = context.new_page()
    first.goto(server.address + "/over")
    first.get_by_label(TEXTS.render("theme")).select_option("licht")
    second = context.new_page()
    # Without Gradio's own script, nothing but our head is at work.
    second.route("**/assets/index-*.js", lambda route: route.abort())
    second.goto(server.address + "/")
    expect(second.locator("html[data-thema=licht]:not(.dark)")).to_have_count(1)
    expect(second.locator("html")).to_have_css("color-scheme", "light")


@pytest.mark.browser
def test_a_chosen_theme_holds_on_the_other_tabs_and_after_a_reload(
    context: BrowserContext, server: Running
) -> None:
    first, second = context.new_page(), context.new_page()
    second.goto(server.address + "/documenten")
    first.goto(server.address + "/over")
    first.get_by_label(TEXTS.render("theme")).select_option("licht")
    expect(second.locator("html[data-thema=licht]")).to_have_count(1)
    assert not is_dark(second)
    first.goto(server.address + "/")
    expect(first.get_by_label(TEXTS.render("theme"))).to_have_value("licht")
    assert not is_dark(first)
    first.reload()
    expect(first.get_by_label(TEXTS.render("theme"))).to_have_value("licht")
    assert not is_dark(first)


@pytest.mark.browser
def test_without_scripts_there_is_no_switch_that_does_nothing(browser: Browser, server: Running) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(server.address + "/over")
    expect(page.locator(".huiskop")).to_have_css("background-color", "rgb(18, 23, 22)")
    expect(page.get_by_label(TEXTS.render("theme"))).to_be_hidden()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("place", ["/", "/over"])
def test_on_a_narrow_screen_every_tab_is_in_sight(browser: Browser, server: Running, place: str) -> None:
    context = browser.new_context(viewport=ViewportSize(width=360, height=740))
    page = context.new_page()
    page.goto(server.address + place)
    tabs = page.get_by_role("navigation", name=TEXTS.render("tabs")).get_by_role("link")
    expect(tabs).to_have_count(len(TABS))
    for tab in tabs.all():
        box = tab.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["height"] >= 24
    context.close()

"""Signing in, asking and signing out, in a real browser before the whole product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assistant.bootstrap.access import Access
from assistant.domain import KEY_PREFIX, KeyScope
from assistant.storage import Storage
from tests.surfaces.access.product import Product

pytestmark = pytest.mark.browser

DONE = '#nu .beurt[data-stand="done"]'
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Scheme = Literal["light", "dark"]


@pytest.fixture
def access(product: Product) -> Iterator[Access]:
    """Give the keys of the server that runs."""
    with closing(Storage.open(product.storage_url)) as storage:
        yield Access(storage)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="nl-NL", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("Uw sleutel").fill(key)
    page.get_by_role("button", name="Aanmelden").click()


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("Uw vraag")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(f"{DONE} .vraagtekst")).to_have_text(question, timeout=20_000)


def test_one_signs_in_asks_and_signs_out_and_a_revoked_key_is_out(
    page: Page, product: Product, access: Access
) -> None:
    made = access.create("bezoeker", [KeyScope.ASK])
    page.goto(f"{product.address}/?bron=alliantiemanager")
    expect(page).to_have_url(re.compile(r"/aanmelden\?naar=%2F%3Fbron%3Dalliantiemanager$"))
    expect(page.get_by_label("Uw sleutel")).to_be_focused()

    sign_in(page, KEY_PREFIX + "x" * 43)
    expect(page.get_by_role("alert")).to_contain_text("niet bekend")
    expect(page.get_by_label("Uw sleutel")).to_be_focused()
    sign_in(page, made.secret)
    expect(page).to_have_url(f"{product.address}/?bron=alliantiemanager")
    ask(page, "Wat is een paradox?")
    assert made.secret not in page.content()
    assert page.evaluate("document.cookie").find("toegang=") < 0

    page.goto(f"{product.address}/check")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw sleutel geldt hier niet")

    page.goto(f"{product.address}/over")
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_label("Uw sleutel")).to_be_visible()
    page.goto(f"{product.address}/bibliotheek")
    expect(page).to_have_url(f"{product.address}/aanmelden?naar=%2Fbibliotheek")

    sign_in(page, made.secret)
    expect(page).to_have_url(f"{product.address}/bibliotheek")
    page.goto(product.address)
    ask(page, "Wat is vertrouwen?")
    access.revoke(made.key.id)
    page.get_by_label("Uw vraag").fill("Wat is een rollenmix?")
    page.get_by_label("Uw vraag").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("ingetrokken")
    newest = access.create("nieuw", [KeyScope.ASK])
    sign_in(page, newest.secret)
    expect(page.get_by_label("Uw vraag")).to_have_value("Wat is een rollenmix?")
    page.goto(f"{product.address}/over")  # Away from the chat, whose own requests would be refused first.
    access.revoke(newest.key.id)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("ingetrokken")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_is_accessible_on_a_phone_without_a_script(
    browser: Browser, product: Product, access: Access, scheme: Scheme
) -> None:
    key = access.create("telefoon", [KeyScope.HEALTH_CHECKS]).secret
    size = ViewportSize(width=360, height=740)
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{product.address}/aanmelden")
    sign_in(page, "")
    expect(page.get_by_role("alert")).to_have_text("Vul uw sleutel in.")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    assert [one["id"] for one in found] == []
    context.close()

    plain = browser.new_context(viewport=size, java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{product.address}/aanmelden")
    sign_in(page, key)
    expect(page).to_have_url(f"{product.address}/check")
    plain.close()

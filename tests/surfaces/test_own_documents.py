"""A document of one's own in a real browser: added by keyboard or by drag, found, cited, read, removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assistant.answering.prompts import Texts
from assistant.settings import Settings, default_prompts
from tests.surfaces.serving import Running, serving
from tests.surfaces.test_accessibility import faults

pytestmark = pytest.mark.browser

TEXTS = Texts.read(default_prompts() / "pages_documents.yaml")
QUOTE = "Bij een datalek informeren Rivierduin en Zuiderpoort elkaar binnen vierentwintig uur."
QUESTION = "Wat doen Rivierduin en Zuiderpoort bij een datalek?"
PLAN = f"# Afspraken Zuiderpoort\n\n## Gegevens\n\n{QUOTE}\n\n<img src=https://aanval.example/x.png>\n"


@pytest.fixture(scope="module")
def server(card_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database = f"sqlite:///{tmp_path_factory.mktemp('own') / 'own.db'}"
    with serving(card_settings.model_copy(update={"database_url": database})) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=ViewportSize(width=1280, height=860), reduced_motion="reduce")
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def ask(page: Page, server: Running, question: str) -> None:
    page.goto(server.address)
    box = page.get_by_label("Uw vraag")
    box.fill(question)
    box.press("Enter")
    expect(page.locator('#nu .beurt[data-stand="done"]')).to_be_visible(timeout=30_000)


def test_a_document_is_added_cited_read_and_removed(page: Page, server: Running, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.address}/documenten")
    plan = tmp_path / "afspraken.md"
    plan.write_text(PLAN, "utf-8")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=TEXTS.render("choose_button")).press("Enter")
    chooser.value.set_files(plan)
    mine = page.get_by_role("listitem").filter(has_text="Afspraken Zuiderpoort")
    expect(mine.get_by_text(TEXTS.render("state.ready.one"))).to_be_visible(timeout=30_000)
    assert faults(page) == []

    ask(page, server, QUESTION)
    source = page.locator("#nu .bronnen li").filter(has_text="Eigen document")
    expect(source).to_contain_text("Afspraken Zuiderpoort")
    page.locator("#nu a.noot").last.click()
    expect(page.locator("#passage mark")).to_have_text(QUOTE)
    page.get_by_role("link", name=TEXTS.render("whole")).click()
    expect(page.locator("mark#citaat")).to_have_text(QUOTE)
    expect(page.locator("mark#citaat")).to_be_in_viewport()
    assert faults(page) == []
    assert page.locator("main img").count() == 0

    page.goto(f"{server.address}/documenten")
    page.get_by_role("link", name="Verwijder").click()
    assert faults(page) == []
    page.get_by_role("button", name=TEXTS.render("remove_button")).click()
    expect(page.get_by_text(TEXTS.render("empty"))).to_be_visible()
    ask(page, server, QUESTION)
    expect(page.locator("#nu")).not_to_contain_text("vierentwintig")
    assert {url for url in asked if not url.startswith((server.address, "data:", "blob:"))} == set()


def test_files_are_dropped_and_each_tells_what_became_of_it(page: Page, server: Running) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto(f"{server.address}/documenten")
    page.evaluate("""() => {
      const dataTransfer = new DataTransfer();
      const add = (name, part) => dataTransfer.items.add(new File([part], name));
      add("een.txt", "Een plan voor de alliantie.");
      add("twee.txt", "Een plan voor de alliantie.");
      add("drie.exe", new Uint8Array([77, 90, 144, 0, 3, 0]));
      const dropped = new DragEvent("drop", { dataTransfer, bubbles: true });
      document.querySelector("#toevoegen").dispatchEvent(dropped);
    }""")
    told = page.locator("#inzendingen li")
    expect(told.filter(has_text="twee.txt")).to_contain_text(TEXTS.render("duplicate", title="een"))
    expect(told.filter(has_text="drie.exe").locator(".fout")).to_be_visible()
    expect(page.locator(".eigen-documenten > li")).to_have_count(1)
    assert faults(page) == []

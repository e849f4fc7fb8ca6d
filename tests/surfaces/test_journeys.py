"""What visitors do from question to export, in a real browser before the whole product."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from assistant.answering.prompts import Texts
from assistant.domain import Verdict
from assistant.settings import Settings, default_prompts
from assistant.storage import Storage
from tests.surfaces.late_arrival import hold_arrival, let_arrive
from tests.surfaces.serving import Running, serving

pytestmark = pytest.mark.browser

QUESTION = "Wat is het verschil tussen calculatief en relationeel vertrouwen?"
FOLLOW_UP = "En wat is het NAV-model?"
WIDE, NARROW = 1280, 360
DONE = '#nu .beurt[data-stand="done"]'

FOCUSED = """() => {
  const one = document.activeElement;
  const isPage = one === document.body; // After the last one, before the first.
  return [(one.innerText ?? "").trim(), isPage ? "page" : getComputedStyle(one).outlineStyle];
}"""

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with the originals, and a database of these tests' own."""
    found: Settings = request.getfixturevalue("original_settings")
    database = tmp_path_factory.mktemp("database") / "assistant.db"
    return found.model_copy(update={"database_url": f"sqlite:///{database}"})


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[Running]:
    with serving(settings) as running:
        yield running


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.read(default_prompts() / "page.yaml")


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[OpenPage]:
    """Open the page as a visitor of one's own."""
    contexts: list[BrowserContext] = []

    def open_at(path: str = "/", width: int = WIDE) -> Page:
        context = browser.new_context(
            viewport=ViewportSize(width=width, height=860), locale="nl-NL", reduced_motion="reduce"
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
        contexts.append(context)
        page = context.new_page()
        arrive(page, server.address + path)
        return page

    yield open_at
    for context in contexts:
        context.close()


def arrive(page: Page, address: str) -> None:
    with page.expect_response(re.compile("/queue/join")):  # Before it, Gradio hears no Enter.
        page.goto(address)
    page.locator("#vraag textarea[aria-describedby=teller]").wait_for()  # Our own scripts are at work.


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("Uw vraag")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(f"{DONE} .vraagtekst")).to_have_text(question, timeout=15_000)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.originals
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_from_question_to_passage_and_back_after_a_reload(
    visit: OpenPage, server: Running, width: int
) -> None:
    page = visit(width=width)
    ask(page, QUESTION)
    answered = json.loads(server.post({"question": QUESTION}))
    first = answered["citations"][0]
    expect(page.locator("#nu .marge li")).to_have_count(len(answered["citations"]))
    ask(page, FOLLOW_UP)
    expect(page.locator("#nu .tekst")).to_contain_text("NAV")

    page.locator("#eerder a.noot", has_text="[1]").first.click()
    passage = page.locator("#passage")
    expect(passage.locator(".origineel mark").first).to_be_visible()
    highlighted = "".join(passage.locator(".origineel mark").all_inner_texts())
    assert words(highlighted).replace(" ", "") == words(first["quote"]).replace(" ", "")
    expect(passage).to_contain_text(first["section"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.reload()
    expect(page.locator("#eerder .vraagtekst")).to_have_text([QUESTION])
    expect(page.locator("#nu .vraagtekst")).to_have_text(FOLLOW_UP)
    page.locator("#eerder a.noot", has_text="[1]").first.click()
    expect(passage.locator(".origineel mark").first).to_be_visible()
    assert "".join(passage.locator(".origineel mark").all_inner_texts()) == highlighted


@pytest.mark.originals
def test_the_panel_walks_through_the_passages_and_gives_a_link_that_others_can_open(
    visit: OpenPage, server: Running, texts: Texts
) -> None:
    page = visit()
    ask(page, QUESTION)
    mark = page.locator("#nu a.noot", has_text="[1]").first
    mark.focus()
    mark.press("Enter")
    title = page.locator("#passage-titel")
    expect(title).to_have_text(texts.render("passage_title", number=1))
    expect(page.locator("#passage [data-vorige]")).to_be_disabled()
    page.locator("#passage").press("ArrowRight")
    expect(title).to_have_text(texts.render("passage_title", number=2))
    expect(page.locator("#passage .kaart")).to_be_visible()
    page.get_by_role("button", name=texts.render("share")).click()
    expect(page.locator("#passage .gedaan")).to_have_text(texts.render("shared"))
    link = page.evaluate("navigator.clipboard.readText()")
    quote = page.locator("#bron-1-2 .citaat").text_content() or ""
    page.keyboard.press("Escape")
    expect(page.locator("#passage")).to_be_hidden()
    expect(mark).to_be_focused()

    assert link.startswith(f"{server.address}/bronnen/")
    other = visit()
    other.goto(link)
    assert words("".join(other.locator("mark").all_inner_texts())) == words(quote)
    expect(other.locator("mark").first).to_be_in_viewport()


def test_an_answer_can_be_taken_along_with_its_sources(visit: OpenPage, texts: Texts, tmp_path: Path) -> None:
    page = visit()
    ask(page, QUESTION)
    page.get_by_role("button", name=texts.render("copy"), exact=True).click()
    expect(page.locator("#nu .gedaan")).to_have_text(texts.render("copied"))
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert "[1]" in copied
    assert "Jansen" in copied

    for name, kind in ((texts.render("export_word"), "docx"), (texts.render("export_markdown"), "md")):
        page.get_by_text(texts.render("conversation_menu"), exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.suffix == f".{kind}"
        assert QUESTION in text_of(file)
        assert "Jansen" in text_of(file)


def text_of(file: Path) -> str:
    if file.suffix == ".md":
        return file.read_text(encoding="utf-8")
    with zipfile.ZipFile(file) as word:
        return re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())


def test_what_a_reader_thinks_reaches_the_curator_and_can_be_taken_back(
    visit: OpenPage, texts: Texts, settings: Settings
) -> None:
    page = visit()
    ask(page, "Welke vier rollen heeft een alliantiemanager?")
    helpful = page.get_by_role("button", name=texts.render("helpful"), exact=True)
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=texts.render("wrong"), exact=True).click()
    page.get_by_label(texts.render("wrong_remark")).fill("De derde rol ontbreekt.")
    page.get_by_role("button", name=texts.render("send_feedback")).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    with closing(Storage.open(settings.storage_url)) as storage:
        [given] = storage.feedback.given(Verdict.WRONG)
    assert given.feedback.remark == "De derde rol ontbreekt."
    assert given.exchange.question == "Welke vier rollen heeft een alliantiemanager?"
    assert given.exchange.citations

    page.reload()
    wrong = page.get_by_role("button", name=texts.render("wrong"), exact=True)
    expect(wrong).to_have_attribute("aria-pressed", "true")
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "false")
    with closing(Storage.open(settings.storage_url)) as storage:
        assert storage.feedback.given(Verdict.WRONG) == ()


def test_conversations_are_listed_searched_renamed_and_erased(visit: OpenPage, texts: Texts) -> None:
    page = visit()
    ask(page, "Wat is funderen?")
    page.get_by_role("button", name=texts.render("new_conversation")).click()
    expect(page.locator(".opening")).to_be_visible()
    ask(page, "Welke vormen van allianties zijn er?")
    items = page.locator("#gesprekken [data-lijst] a")
    expect(items).to_have_count(2)
    page.get_by_label(texts.render("search_conversations")).fill("funderen")
    expect(items).to_have_count(1)
    items.first.click()
    expect(page.locator("#nu .vraagtekst")).to_have_text("Wat is funderen?")
    page.get_by_label(texts.render("search_conversations")).fill("")

    page.get_by_text(texts.render("conversation_menu"), exact=True).click()
    page.get_by_role("button", name=texts.render("rename"), exact=True).click()
    page.get_by_label(texts.render("new_title")).fill("De eerste fase")
    page.get_by_role("button", name=texts.render("save"), exact=True).click()
    expect(page.locator(".titelbalk h1")).to_have_text("De eerste fase")
    expect(items.filter(has_text="De eerste fase")).to_have_count(1)

    page.get_by_text(texts.render("conversation_menu"), exact=True).click()
    page.get_by_role("button", name=texts.render("erase"), exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=texts.render("erase"), exact=True).click()
    expect(page.locator(".opening")).to_be_visible()
    expect(items).to_have_count(1)


def test_a_card_of_the_library_leads_to_a_question_about_it(visit: OpenPage, server: Running) -> None:
    page = visit()
    page.get_by_role("navigation", name="Onderdelen").get_by_role("link", name="Bibliotheek").click()
    expect(page).to_have_url(re.compile("/bibliotheek$"))
    page.goto(f"{server.address}/kaarten/funderen")
    page.get_by_role("link", name="Vraag hierover").first.click()
    page.locator("#vraag textarea[aria-describedby=teller]").wait_for()  # Our own scripts are at work.
    expect(page.get_by_label("Uw vraag")).not_to_have_value("")
    page.get_by_label("Uw vraag").press("Enter")
    expect(page.locator(f"{DONE} .tekst")).to_contain_text("under", ignore_case=True, timeout=15_000)


def test_what_the_texts_do_not_say_is_refused_with_what_can_be_asked(visit: OpenPage, texts: Texts) -> None:
    page = visit()
    ask(page, "Wat is de hoofdstad van Mongolië?")
    expect(page.locator("#nu .marge")).to_contain_text(texts.render("no_sources"))
    offered = page.locator("#nu .vervolg button").first
    question = offered.inner_text()
    offered.click()
    expect(page.locator(f"{DONE} .vraagtekst")).to_have_text(question, timeout=15_000)
    expect(page.locator("#nu .marge li").first).to_be_visible()


def test_a_question_can_be_kept_to_one_source_and_says_so(visit: OpenPage) -> None:
    page = visit()
    page.get_by_role("button", name=re.compile("Zoekt in")).click()
    page.get_by_label("Jansen 2004").check()
    expect(page.get_by_role("button", name="Zoekt in: Jansen 2004")).to_be_visible()
    ask(page, "Wat is vertrouwen?")
    expect(page.locator("#nu .bereik")).to_have_text("Gezocht in: Jansen 2004")
    shown = page.locator("#nu .marge strong").all_inner_texts()
    assert set(shown) == {"Jansen 2004"}


def test_a_question_can_be_rewritten_in_the_place_of_the_last(visit: OpenPage, texts: Texts) -> None:
    page = visit()
    ask(page, "Wat is funderen?")
    page.get_by_role("button", name=texts.render("rewrite")).click()
    expect(page.get_by_label("Uw vraag")).to_have_value("Wat is funderen?")
    expect(page.locator("#hint")).to_contain_text(texts.render("rewriting"))
    ask(page, "Wat is formeren?")
    expect(page.locator(".vraagtekst")).to_have_text(["Wat is formeren?"])
    expect(page).to_have_url(re.compile("gesprek="))
    page.reload()
    expect(page.locator(".vraagtekst")).to_have_text(["Wat is formeren?"])


def test_two_visitors_see_nothing_of_each_other(visit: OpenPage, server: Running, texts: Texts) -> None:
    first, second = visit(), visit()
    ask(first, "Wat is het NAV-model?")
    ask(second, "Wat is co-creëren?")
    expect(first).to_have_url(re.compile("gesprek="))
    expect(second.locator("#gesprekken [data-lijst] a")).to_have_count(1)
    id_ = first.url.rpartition("=")[2]
    arrive(second, first.url)
    expect(second.get_by_text(texts.render("gone"))).to_be_visible()
    expect(second.locator(".vraagtekst")).to_have_count(0)
    assert "NAV" not in second.content().replace("NAV-model?</button>", "")
    for path in (f"/gesprekken/{id_}/bestand?soort=md", f"/gesprekken/{id_}/wissen"):
        assert second.request.get(server.address + path).status == 404
    erased = second.request.post(f"{server.address}/gesprekken/{id_}/wissen")
    assert erased.status == 404
    expect(first.locator("#gesprekken [data-lijst] a")).to_have_count(1)


def test_what_is_asked_in_a_conversation_before_it_has_arrived_is_not_swept_away(visit: OpenPage) -> None:
    page = visit()
    ask(page, "Wat is funderen?")
    expect(page).to_have_url(re.compile("gesprek="))
    hold_arrival(page)
    ask(page, "Wat is stollen?")
    let_arrive(page)
    expect(page.locator("#nu .vraagtekst")).to_have_text("Wat is stollen?")
    expect(page.locator("#eerder .vraagtekst")).to_have_text(["Wat is funderen?"])


def test_a_server_that_goes_and_comes_back_costs_nothing(
    visit: OpenPage, server: Running, texts: Texts
) -> None:
    page = visit()
    ask(page, "Wat is funderen?")
    expect(page).to_have_url(re.compile("gesprek="))
    page.get_by_label("Uw vraag").fill("Een vraag in de maak")
    server.kill()
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(page.locator("#verbinding")).to_have_text(texts.render("connection_lost"))
    server.start_again()
    expect(page.locator("#verbinding")).to_be_hidden(timeout=20_000)
    expect(page.locator("#nu .vraagtekst")).to_have_text("Wat is funderen?")
    expect(page.get_by_label("Uw vraag")).to_have_value("Een vraag in de maak")
    ask(page, "En wat daarna?")
    expect(page.locator("#eerder .vraagtekst")).to_have_text(["Wat is funderen?"])


def test_everything_can_be_done_by_keyboard(visit: OpenPage, texts: Texts) -> None:
    page = visit()
    page.locator("body").click(position={"x": 5, "y": 850})
    page.keyboard.press("/")
    expect(page.get_by_label("Uw vraag")).to_be_focused()
    page.keyboard.type("Wat is funderen?")
    page.keyboard.press("Enter")
    expect(page.locator(DONE)).to_be_visible()
    reached = set()
    page.locator("body").click(position={"x": 5, "y": 5})
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(FOCUSED)
        reached.add(name)
        assert outline != "none", name
    names = ("copy", "again", "rewrite", "helpful", "wrong", "new_conversation", "send", "conversation_menu")
    assert {texts.render(name) for name in names} <= reached
    assert "[1]" in reached

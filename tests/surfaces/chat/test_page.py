"""What a reader sees and does, in a real browser against a real server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from assistant.answering.prompts import Texts
from tests.surfaces.late_arrival import hold_arrival, let_arrive

pytestmark = pytest.mark.browser

QUESTION = "Wat is calculatief vertrouwen?"
LEFTOVERS = "script, iframe, video, img, svg image, style, .mermaid, .katex, a:not([href^='/'])"
"""What a document's text could become if it were read as markup."""


def ask(page: Page, question: str) -> None:
    expect(page.locator("#stuur")).to_be_visible()
    page.get_by_label("Uw vraag").fill(question)
    page.get_by_label("Uw vraag").press("Enter")


def outside(requests: list[str], address: str) -> list[str]:
    return [url for url in requests if not url.startswith((address, "data:", "blob:"))]


def test_before_the_first_question_the_page_says_what_it_is_and_offers_six_questions(
    page: Page, texts: Texts
) -> None:
    expect(page.get_by_text(texts.render("opening_automated"))).to_be_visible()
    expect(page.locator("#opening .voorstel")).to_have_count(6)
    assert page.title() == texts.render("title")
    assert page.locator("html").get_attribute("lang") == "nl"
    expect(page.locator("footer")).to_be_hidden()


def test_an_answer_brings_its_claims_and_the_numbered_passages_beside_it(page: Page, texts: Texts) -> None:
    ask(page, QUESTION)
    answer = page.locator("#nu .tekst")
    expect(answer).to_contain_text("Relationeel vertrouwen groeit doordat u samen iets meemaakt. [2]")
    expect(answer.locator("li")).to_have_count(2)
    passages = page.locator("#nu .bronnen > li")
    expect(passages).to_have_count(3)
    expect(passages.nth(0)).to_contain_text("Jansen 2004")
    expect(passages.nth(0).locator("blockquote")).to_contain_text("controleerbare informatie")
    expect(passages.nth(2)).to_contain_text(texts.render("card_note"))
    expect(passages.nth(2).locator("blockquote")).to_have_count(0)
    answer_box, passage_box = answer.bounding_box(), passages.nth(0).bounding_box()
    assert answer_box is not None
    assert passage_box is not None
    assert passage_box["x"] >= answer_box["x"] + answer_box["width"]


def test_claims_appear_one_by_one_after_the_passages_under_consideration(page: Page, texts: Texts) -> None:
    ask(page, "Een traag antwoord")
    expect(page.locator("#nu .marge")).to_contain_text(texts.render("found_note"))
    expect(page.locator("#nu .tekst")).to_contain_text("Calculatief vertrouwen")
    assert "Relationeel vertrouwen" not in page.locator("#nu .tekst").inner_text()
    expect(page.locator("#nu .tekst")).to_contain_text("Leg daarna vast", timeout=15_000)
    spoken = page.locator("#voorlezen p").all_inner_texts()
    assert spoken[0] == texts.render("searching")
    assert spoken[-1] == texts.render("ready")
    assert [line for line in spoken if "Leg daarna vast" in line] == spoken[-2:-1]


def test_a_first_question_and_a_follow_up_are_asked_with_one_click(page: Page) -> None:
    page.locator("#opening .voorstel").first.click()
    page.get_by_role("button", name="En hierna? (0 eerdere berichten)").click()
    expect(page.get_by_role("button", name="En hierna? (2 eerdere berichten)")).to_be_visible()
    expect(page.locator("#kolom .vraagtekst")).to_have_count(2)
    expect(page.locator("#opening")).to_be_hidden()


@pytest.mark.parametrize("question", [QUESTION, "Een traag antwoord"])
def test_a_question_that_is_answered_at_once_or_slowly_leaves_an_empty_box(page: Page, question: str) -> None:
    ask(page, question)
    expect(page.locator("#nu .tekst")).to_contain_text("Calculatief vertrouwen")
    expect(page.get_by_label("Uw vraag")).to_have_value("")


def test_a_refusal_is_shown_with_the_questions_that_can_be_answered(page: Page, texts: Texts) -> None:
    ask(page, "Iets onbekends")
    expect(page.locator("#nu .tekst")).to_contain_text("Dat staat niet in de teksten.")
    expect(page.locator("#nu .marge")).to_contain_text(texts.render("no_sources"))
    expect(page.get_by_role("button", name="Welke rollen heeft een alliantiemanager?")).to_be_visible()


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Dit gaat fout", "problem_question"),
        ("Er is geen index", "problem_index"),
        ("Dit is kapot", "problem"),
    ],
)
def test_after_a_problem_the_question_is_still_in_the_box_and_the_page_goes_on(
    page: Page, texts: Texts, question: str, key: str
) -> None:
    ask(page, question)
    expect(page.get_by_role("alert")).to_contain_text(texts.render(key))
    expect(page.get_by_label("Uw vraag")).to_have_value(question)
    ask(page, QUESTION)
    expect(page.locator("#bron-1-3")).to_be_visible(timeout=15_000)
    expect(page.get_by_text(texts.render(key))).to_have_count(0)


def test_shift_enter_starts_a_line_and_an_empty_question_asks_nothing(page: Page) -> None:
    box = page.get_by_label("Uw vraag")
    box.press("Enter")
    box.fill("Eerste regel")
    box.press("Shift+Enter")
    box.press_sequentially("tweede")
    expect(box).to_have_value("Eerste regel\ntweede")
    expect(page.locator("#opening")).to_be_visible()


def test_stopping_leaves_what_was_proved_and_says_so(page: Page, texts: Texts) -> None:
    ask(page, "Een traag antwoord")
    expect(page.locator("#nu .tekst")).to_contain_text("Calculatief vertrouwen")
    page.get_by_label("Uw vraag").fill("Nog een vraag")
    page.get_by_label("Uw vraag").press("Enter")
    page.get_by_role("button", name=texts.render("stop")).click()
    expect(page.locator("#nu")).to_contain_text(texts.render("stopped"))
    expect(page.get_by_role("button", name=texts.render("send"), exact=True)).to_be_visible()
    expect(page.locator("#kolom .vraagtekst")).to_have_count(1)
    expect(page.get_by_label("Uw vraag")).to_have_value("Nog een vraag")


def test_a_new_conversation_starts_from_nothing(page: Page, texts: Texts) -> None:
    ask(page, QUESTION)
    expect(page.locator("#bron-1-1")).to_be_visible()
    page.get_by_role("button", name=texts.render("new_conversation")).click()
    expect(page.locator("#opening")).to_be_visible()
    ask(page, QUESTION)
    expect(page.get_by_role("button", name="En hierna? (0 eerdere berichten)")).to_be_visible()


def test_text_of_a_hostile_document_is_shown_and_never_active(
    page: Page, requests: list[str], address: str
) -> None:
    ask(page, "Een kwaad document <img src=https://aanval.example/q.png> ![v](https://aanval.example/v.png)")
    expect(page.locator("#nu .tekst")).to_contain_text("![beeld](aanval.example/b.png)")
    expect(page.locator("#nu .vraagtekst")).to_contain_text("<img src=https://aanval.example/q.png>")
    expect(page.locator("#nu blockquote").first).to_contain_text("<script>window.geraakt=1</script>")
    expect(page.locator("#nu blockquote").first).to_contain_text("${window.geraakt=1} {{value}}")
    expect(page.locator("#nu .vervolg")).to_be_visible()
    assert page.locator("#nu").locator(LEFTOVERS).all_inner_texts() == []
    expect(page.locator("#nu .tekst a")).to_have_text(["[1]", "[2]"])
    assert page.evaluate("window.geraakt") is None
    assert outside(requests, address) == []


def test_the_page_asks_nothing_of_any_other_host(page: Page, requests: list[str], address: str) -> None:
    ask(page, QUESTION)
    expect(page.locator("#nu .vervolg")).to_be_visible()
    assert len(requests) > 5
    assert outside(requests, address) == []


@pytest.mark.parametrize("width", [360, 390, 768])
def test_a_narrow_screen_stacks_the_sources_and_never_scrolls_sideways(
    open_page: Callable[..., Page], address: str, width: int
) -> None:
    page = open_page(address, width=width, height=740)
    ask(page, "Een kwaad document")
    expect(page.locator("#nu .vervolg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    answer_box = page.locator("#nu .tekst").bounding_box()
    passage_box = page.locator("#bron-1-1").bounding_box()
    assert answer_box is not None
    assert passage_box is not None
    assert passage_box["y"] >= answer_box["y"] + answer_box["height"]


def test_while_originals_are_read_the_page_counts_along_until_it_is_done(
    open_page: Callable[..., Page], scenes: dict[str, str], is_built: Path
) -> None:
    address = scenes["indexing"]
    page = open_page(address)
    line = page.locator("#status")
    expect(line).to_contain_text(re.compile(r"\(\d+ van 140\)"))
    first = line.inner_text()
    expect(line).not_to_have_text(first)
    is_built.touch()
    expect(line).to_be_hidden()


def test_without_originals_the_page_says_so(
    open_page: Callable[..., Page], texts: Texts, scenes: dict[str, str]
) -> None:
    address = scenes["cards"]
    expect(open_page(address).locator("#status")).to_have_text(texts.render("status_no_originals"))


def test_the_page_can_be_used_by_ear(page: Page) -> None:
    expect(page.locator("#status")).to_have_role("status")
    ask(page, QUESTION)
    expect(page.get_by_role("article", name=QUESTION)).to_contain_text("Calculatief")
    expect(page.get_by_role("complementary", name="Bronnen bij dit antwoord")).to_be_visible()
    mark = page.get_by_role("link", name="[1] Jansen 2004, Calculatief en relationeel vertrouwen", exact=True)
    expect(mark).to_have_text("[1]")


def test_a_question_that_is_too_long_says_by_how_much_and_is_not_cut(page: Page, texts: Texts) -> None:
    question = "Wat is vertrouwen? " * 120
    box = page.get_by_label("Uw vraag")
    box.fill(question)
    expect(page.locator("#teller")).to_have_text(re.compile(r"2\.280 van 2000 tekens"))
    box.press("Enter")
    told = texts.render("problem_too_long", length=len(question.strip()), limit=2000)
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(box).to_have_value(question)


def test_a_question_that_the_server_has_no_room_for_is_not_lost_in_silence(page: Page, texts: Texts) -> None:
    page.route("**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "Queue is full."}))
    page.clock.install()
    ask(page, QUESTION)
    page.clock.fast_forward(9_000)
    expect(page.get_by_text(texts.render("busy"))).to_be_visible()
    expect(page.get_by_label("Uw vraag")).to_have_value(QUESTION)


def test_what_is_asked_before_the_page_has_arrived_is_not_swept_away(
    open_page: Callable[..., Page], address: str
) -> None:
    page = open_page(address)
    hold_arrival(page)
    ask(page, QUESTION)
    expect(page.locator('#nu [data-stand="done"]')).to_be_visible()
    let_arrive(page)
    expect(page.locator('#nu [data-stand="done"]')).to_be_visible()


def test_a_file_that_is_dropped_is_sent_and_the_page_stays_and_says_what_became_of_it(
    page: Page, texts: Texts
) -> None:
    sent: list[str] = []

    def take(route: Route) -> None:
        sent.append(str(route.request.post_data))
        route.fulfill(status=202, json={"files": [{"name": "stuk.pdf", "message": "Bewaard.", "link": ""}]})

    page.route("**/documenten", take)
    page.evaluate("""() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["inhoud"], "stuk.pdf", { type: "application/pdf" }));
      const dropped = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector("#kolom").dispatchEvent(dropped);
      if (!dropped.defaultPrevented) throw new Error("the browser would open the file");
    }""")
    expect(page.locator("#neergezet")).to_contain_text("stuk.pdf: Bewaard.")
    expect(page.get_by_role("link", name=texts.render("dropped_where"))).to_have_attribute(
        "href", "/documenten"
    )
    assert "inhoud" in sent[0]


def test_who_asks_too_fast_is_told_when_the_next_is_welcome(
    open_page: Callable[..., Page], scenes: dict[str, str]
) -> None:
    address = scenes["hasty"]
    page = open_page(address)
    for _ in range(2):
        ask(page, QUESTION)
        expect(page.locator('#nu [data-stand="done"]')).to_be_visible()
        page.get_by_role("button", name="Nieuw gesprek").click()
        expect(page.locator("#opening")).to_be_visible()
    ask(page, QUESTION)
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Over \d+ seconden"))
    expect(page.get_by_label("Uw vraag")).to_have_value(QUESTION)


def test_what_was_being_typed_goes_along_to_a_new_conversation(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator('#nu [data-stand="done"]')).to_be_visible()
    page.get_by_label("Uw vraag").fill("Wat is het NAV-model?")
    page.get_by_role("button", name="Nieuw gesprek").click()
    expect(page.locator("#opening")).to_be_visible()
    page.get_by_label("Uw vraag").press("Enter")
    expect(page.locator("#nu")).to_contain_text("Wat is het NAV-model?")


def test_an_answer_that_could_not_be_kept_says_so(
    open_page: Callable[..., Page], texts: Texts, scenes: dict[str, str]
) -> None:
    address = scenes["unkept"]
    page = open_page(address)
    ask(page, QUESTION)
    expect(page.locator("#nu")).to_contain_text(texts.render("unkept"))
    expect(page.locator("#nu .tekst a").first).to_be_visible()

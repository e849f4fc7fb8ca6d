"""What a person sees and does, in a real browser before a real server over a real database."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant.answering.prompts import Texts
from tests.surfaces.pages.conftest import PARTNERS, Served

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


def make_check(page: Page) -> str:
    """Make a check and return the link for the first partner."""
    page.get_by_label("Naam van de alliantie").fill("Zorg rond de Vecht")
    for number, partner in enumerate(PARTNERS, start=1):
        page.get_by_label(f"Partner {number}").fill(partner)
    page.get_by_role("button", name="Maak de check").click()
    return page.get_by_label(f"Link voor {PARTNERS[0]}", exact=True).input_value()


def begin(page: Page) -> str:
    """Begin at an invitation, go to the questions and return the code."""
    page.get_by_role("button", name="Begin", exact=True).click()
    code = page.get_by_label("Uw code").input_value()
    page.get_by_role("link", name="Naar de vragen").click()
    expect(page).to_have_url(re.compile("/fasen$"))
    return code


def question(page: Page, number: int) -> Locator:
    return page.locator("fieldset.vraag").nth(number)


def choose(page: Page, number: int, choice: int) -> None:
    question(page, number).get_by_role("radio").nth(choice).check()


def test_no_answer_is_lost_when_the_server_is_killed_and_the_browser_closed(
    served: Served, open_page: OpenPage, texts: Texts
) -> None:
    link = make_check(open_page(f"{served.address}/check"))
    page = open_page(link)
    code = begin(page)
    for number in range(12):
        choose(page, number, number % 6)
    question(page, 3).get_by_text("Toelichting", exact=True).click()
    question(page, 3).get_by_role("textbox").fill("Elke week aan tafel.")
    expect(page.get_by_role("status")).to_have_text(texts.render("saved_all"))
    expect(page.locator("#beantwoord")).to_have_text("12 van 49 beantwoord")
    served.kill()
    page.context.close()
    served.start_again()

    page = open_page(f"{served.address}/check/verder")
    page.get_by_label("Uw code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Ga verder").click()
    expect(page).to_have_url(re.compile("/ambitie$"))
    page.get_by_role("button", name="Terug").click()
    for number in range(12):
        expect(question(page, number).get_by_role("radio").nth(number % 6)).to_be_checked()
    expect(question(page, 3).get_by_role("textbox")).to_have_value("Elke week aan tafel.")


def test_what_is_answered_while_the_server_is_away_is_saved_when_it_is_back(
    served: Served, open_page: OpenPage, texts: Texts
) -> None:
    page = open_page(make_check(open_page(f"{served.address}/check")))
    begin(page)
    choose(page, 0, 4)
    expect(page.get_by_role("status")).to_have_text(texts.render("saved_all"))
    served.kill()
    choose(page, 1, 2)
    expect(page.get_by_role("status")).to_have_text(texts.render("save_failed"))
    page.get_by_role("button", name="Verder", exact=True).click()
    expect(question(page, 1).get_by_role("radio").nth(2)).to_be_checked()
    served.start_again()
    page.get_by_role("button", name=texts.render("save_retry")).click()
    expect(page.get_by_role("status")).to_have_text(texts.render("saved_all"))
    page.reload()
    expect(question(page, 0).get_by_role("radio").nth(4)).to_be_checked()
    expect(question(page, 1).get_by_role("radio").nth(2)).to_be_checked()


def test_what_waited_when_the_page_was_left_is_saved_on_coming_back(
    served: Served, open_page: OpenPage, texts: Texts
) -> None:
    page = open_page(make_check(open_page(f"{served.address}/check")))
    begin(page)
    url = page.url
    served.kill()
    choose(page, 2, 3)
    expect(page.get_by_role("status")).to_have_text(texts.render("save_failed"))
    page.goto("about:blank")
    served.start_again()
    page.goto(url)
    expect(page.get_by_role("status")).to_have_text(texts.render("saved_all"))
    expect(question(page, 2).get_by_role("radio").nth(3)).to_be_checked()
    page.reload()
    expect(question(page, 2).get_by_role("radio").nth(3)).to_be_checked()


def test_a_whole_check_can_be_filled_in_without_javascript(
    served: Served, open_page: OpenPage, texts: Texts
) -> None:
    maker = open_page(f"{served.address}/check", javascript=False)
    page = open_page(make_check(maker), javascript=False)
    begin(page)
    for _ in range(8):
        for number in range(page.locator("fieldset.vraag:not(.open)").count()):
            choose(page, number, 3)
        with page.expect_navigation():
            page.get_by_role("button", name="Verder", exact=True).click()
    expect(page.get_by_text(texts.render("finish_all"))).to_be_visible()
    page.get_by_role("button", name=texts.render("finish_button")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(texts.render("done_title"))
    maker.reload()
    expect(maker.get_by_text("1 begonnen, 1 klaar")).to_be_visible()


def test_the_arrow_keys_choose_and_the_choice_is_saved(
    served: Served, open_page: OpenPage, texts: Texts
) -> None:
    page = open_page(make_check(open_page(f"{served.address}/check")))
    begin(page)
    question(page, 0).get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(question(page, 0).get_by_role("radio").nth(2)).to_be_checked()
    expect(question(page, 0).get_by_role("radio").nth(2)).to_be_focused()
    expect(question(page, 0)).to_contain_text(texts.render("saved"))
    page.reload()
    expect(question(page, 0).get_by_role("radio").nth(2)).to_be_checked()


def test_an_answer_is_there_after_a_reload_that_overtakes_its_saving(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(make_check(open_page(f"{served.address}/check")))
    begin(page)
    for chosen in (1, 2, 3, 4):
        question(page, 0).get_by_role("radio").nth(chosen).check()
        page.reload()
        expect(question(page, 0).get_by_role("radio").nth(chosen)).to_be_checked()


def test_a_partner_is_added_in_the_page_and_enter_makes_the_check(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(f"{served.address}/check")
    page.get_by_role("button", name="Partner toevoegen").click()
    expect(page.get_by_label("Partner 4")).to_be_focused()
    page.get_by_label("Naam van de alliantie").fill("Zorg")
    page.get_by_label("Partner 1").fill("Een")
    page.get_by_label("Partner 4").fill("Vier")
    page.get_by_label("Partner 4").press("Enter")
    expect(page.get_by_label("Link voor Vier", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [375, 1280])
def test_no_page_scrolls_sideways_and_every_field_has_a_name(
    served: Served, open_page: OpenPage, width: int
) -> None:
    page = open_page(f"{served.address}/check", width=width)
    link = make_check(page)
    seen = [
        f"{served.address}/check",
        page.url,
        f"{page.url}/sluiten",
        link,
        f"{served.address}/check/verder",
    ]
    page.goto(link)
    begin(page)
    own = page.url.rpartition("/")[0]
    seen += [
        f"{own}/{step}" for step in ("fasen", "spanningen", "open-vragen", "afronden", "klaar", "bewaren")
    ]
    for url in seen:
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") == width, url
        unnamed = "[...document.querySelectorAll('input, textarea')].filter(one => !one.labels.length).length"
        assert page.evaluate(unnamed) == 0, url
        assert page.locator("h1").count() == 1

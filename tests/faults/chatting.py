"""What a visitor does on the chat page."""

from __future__ import annotations

import re
from contextlib import suppress

from playwright.sync_api import expect

from tests.faults.watching import Watched

TRIES = 3


def arrive(watched: Watched, path: str = "/") -> None:
    """Open the chat page, and wait until it hears."""
    with watched.page.expect_response(re.compile("/queue/join")):  # Before it, Gradio hears no Enter.
        watched.page.goto(watched.address + path)
    watched.page.locator(
        "#vraag textarea[aria-describedby=teller]"
    ).wait_for()  # Our own scripts are at work.


def ask(watched: Watched, question: str) -> None:
    """Ask, wait for the end of the answer, open its first passage, and look."""
    page, asked = watched.page, watched.page.locator(".vraagtekst")
    turns = asked.count()
    for _ in range(TRIES):
        page.get_by_label("Uw vraag").fill(question)
        page.get_by_label("Uw vraag").press("Enter")
        # On a busy computer the page may think that the server is gone, and then it loads itself anew.
        with suppress(AssertionError):
            expect(asked).to_have_count(turns + 1, timeout=30_000)
            break
    expect(page.locator('#nu .beurt .doen, #nu [role="alert"]').first).to_be_visible(timeout=60_000)
    watched.look()
    mark = page.locator("#nu a.noot")
    if mark.count():
        mark.first.click()
        page.locator("#passage .kaart, #passage .origineel").first.wait_for()
        watched.look()
        page.keyboard.press("Escape")

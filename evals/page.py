"""How fast the chat page is, beside the API that it rests on: ``python -m evals.page ADDRESS``.

Twenty visitors who have the page open ask at once, over its own protocol and over the API; and one browser
says when it painted first, and when the first claim stood there. All in one run, so that the ratios hold on
any machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import shutil
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx

from assistant.surfaces.visiting import COOKIE
from evals.items import DATA, read_items

QUESTIONS = (
    "Wat is calculatief vertrouwen?",
    "Welke vier rollen heeft een alliantiemanager?",
    "Welke fasen doorloopt een alliantie?",
    "Welke vormen van allianties zijn er?",
    "Hoe houdt u stabiliteit en wendbaarheid in balans?",
)
VISITORS = 20
CROWDS = 8
ROUNDS = 3
Ask = Callable[[str], Awaitable[None]]

_ASK = """async (question) => {
  const box = document.querySelector("#vraag textarea");
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((go) => setTimeout(go, 100));
  const sent = performance.now();
  let first = null;
  return await new Promise((done) => {
    const look = () => {
      const turn = document.querySelector("#nu .beurt");
      if (turn?.querySelector(".vraagtekst").textContent !== question) return;
      if (first === null && turn.querySelector("[data-tekst] p, [data-tekst] li")) first = performance.now();
      if (turn.dataset.stand === "done") done([first - sent, performance.now() - sent]);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
    document.querySelector("#stuur").click();
  });
}"""
"""Asks in the page; returns after how many milliseconds the first claim and the whole answer stood there."""


@dataclass(frozen=True, slots=True)
class PageEvents:
    """The numbers of the page's events."""

    opening: int
    asking: int


@dataclass(frozen=True, slots=True)
class CrowdTimes:
    """How long each of a crowd waited for a whole answer, in seconds, shortest first; of several rounds."""

    api: tuple[tuple[float, ...], ...]
    page: tuple[tuple[float, ...], ...]

    @property
    def ratio(self) -> float:
        """Return how much longer the slowest waited on the page than over the API, all rounds together."""
        return sum(waits[-1] for waits in self.page) / sum(waits[-1] for waits in self.api)


@dataclass(frozen=True, slots=True)
class BrowserTimes:
    """What one browser saw, in milliseconds; medians of what was asked."""

    first_paint: float
    first_claim: float
    whole: float
    api: float
    """The same questions over the API, in the same run."""


async def measure_crowd(address: str, visitors: int = VISITORS) -> CrowdTimes:
    """Let a crowd ask at once, over the API and then over the page, some rounds."""
    limits = httpx.Limits(max_connections=4 * visitors)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        events = await find_events(client)

        async def visit() -> Ask:
            visitor = Visitor(client, events)
            await visitor.arrive()
            return visitor.ask

        async def over_api(question: str) -> None:
            (await client.post("/v1/answers", json={"question": question})).raise_for_status()

        await (await visit())(QUESTIONS[0])
        await over_api(QUESTIONS[0])
        rounds = [
            (
                await _crowd([over_api] * visitors),
                await _crowd([await visit() for _ in range(visitors)]),
            )
            for _ in range(CROWDS)
        ]
    return CrowdTimes(*zip(*rounds, strict=True))


def measure_browser(address: str) -> BrowserTimes:
    """Let one browser open the page and ask, and ask the API the same; needs Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, httpx.Client(base_url=address, timeout=60) as client:
        flags = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(reduced_motion="reduce")
        page.goto(address)
        page.locator("#vraag textarea").wait_for()
        [paint] = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint').map((it) => it.startTime)"
        )
        page.evaluate(_ASK, QUESTIONS[-1])
        seen = [page.evaluate(_ASK, question) for _ in range(ROUNDS) for question in QUESTIONS]
        api = [_timed_api(client, question) for _ in range(ROUNDS) for question in QUESTIONS]
        browser.close()
    first, whole = zip(*seen, strict=True)
    return BrowserTimes(paint, statistics.median(first), statistics.median(whole), statistics.median(api))


async def _crowd(visitors: Sequence[Ask]) -> tuple[float, ...]:
    questions = [item.question for item in read_items(DATA / "dev").answerable]  # Each asks another.

    async def timed(ask: Ask, question: str) -> float:
        began = time.perf_counter()
        await ask(question)
        return time.perf_counter() - began

    return tuple(sorted(await asyncio.gather(*map(timed, visitors, questions))))


class Visitor:
    """Somebody with the page open, who speaks as the page's own script does."""

    def __init__(self, client: httpx.AsyncClient, events: PageEvents) -> None:
        self.cookie = {"Cookie": f"{COOKIE}={secrets.token_urlsafe(32)}"}
        self._client, self._events = client, events
        self._session = secrets.token_hex(5)

    async def arrive(self) -> None:
        """Open the page."""
        await self._send(self._events.opening, [])

    async def ask(self, question: str) -> None:
        """Ask, and wait until the whole answer is there."""
        await self._send(self._events.asking, [question, None, [], []])

    async def _send(self, event: int, data: list[object]) -> None:
        """Join the queue with an event, and read what is told of it until the last."""
        joined = {"data": data, "fn_index": event, "session_hash": self._session}
        answer = await self._client.post("/gradio_api/queue/join", json=joined, headers=self.cookie)
        answer.raise_for_status()
        asked = {"session_hash": self._session}
        async with self._client.stream("GET", "/gradio_api/queue/data", params=asked) as events:
            async for line in events.aiter_lines():
                told = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if told.get("msg") == "process_completed":
                    if not told["success"]:
                        raise RuntimeError(line)
                    return
        raise RuntimeError("the page sent no answer")


async def find_events(client: httpx.AsyncClient) -> PageEvents:
    """Look up by which numbers a server knows the events of its page."""
    events = (await client.get("/config")).json()["dependencies"]
    return PageEvents(
        next(one["id"] for one in events if _opens_the_page(one)),
        next(one["id"] for one in events if _sends_the_box(one)),
    )


def _opens_the_page(event: dict[str, list[list[object]]]) -> bool:
    """Whether an event of the page is that of its being opened."""
    return any("load" in target for target in event["targets"])


def _sends_the_box(event: dict[str, list[object]]) -> bool:
    """Whether an event of the page is that of the question box: by Enter or by the button."""
    return len(event["inputs"]) == 4 and len(event["targets"]) == 2


def _timed_api(client: httpx.Client, question: str) -> float:
    began = time.perf_counter()
    client.post("/v1/answers", json={"question": question}).raise_for_status()
    return 1000 * (time.perf_counter() - began)


def _tell(browser: BrowserTimes, crowd: CrowdTimes) -> Sequence[str]:
    return [
        f"first paint           {browser.first_paint:6.0f} ms",
        f"first claim           {browser.first_claim:6.0f} ms after sending",
        f"whole answer          {browser.whole:6.0f} ms after sending",
        f"the API               {browser.api:6.0f} ms; the page adds {browser.whole - browser.api:.0f} ms",
        _tell_crowd("API", crowd.api),
        f"{_tell_crowd('page', crowd.page)} ({crowd.ratio:.2f} times)",
    ]


def _tell_crowd(asked_over: str, rounds: Sequence[Sequence[float]]) -> str:
    middle = statistics.median(statistics.median(waits) for waits in rounds)
    slowest = statistics.median(waits[-1] for waits in rounds)
    return f"{VISITORS} at once, {asked_over:10} median {middle:.2f} s, slowest {slowest:.2f} s"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    asked = parser.parse_args()
    told = _tell(measure_browser(asked.address), asyncio.run(measure_crowd(asked.address)))
    sys.stdout.write("\n".join(told) + "\n")

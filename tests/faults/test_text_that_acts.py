"""Texts that would act, in every place where text comes in, with a model that writes whatever it reads.

In short only what notices them is tried: ``tests/surfaces/chat`` puts hostile text before Chromium each time.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, FilePayload

from assistant.answering.generating import MOST_CHARACTERS
from assistant.bootstrap import Indexer, load_engine
from assistant.domain import Citation, Ending, Evidence, KeptExchange, Span, Support
from assistant.settings import Settings
from assistant.storage import Storage
from tests.chat_server import MODEL, ChatServer, Reply, chat_server
from tests.faults.chatting import arrive, ask
from tests.faults.conftest import rounds
from tests.faults.hostile_corpus import CARD, QUESTION, TEXTS, TITLES, batches, plant
from tests.faults.payloads import Attempt, attempts
from tests.faults.people import CHECKS, ITEMS, Wire
from tests.faults.victims import WHOLE, Victim
from tests.faults.watching import Honeypot, Watched, honeypot, trapping_browser

pytestmark = pytest.mark.browser

COUNT = rounds(short=24, full=600)
ATTEMPTS = attempts(COUNT)
IS_SHORT = rounds(0, 1) == 0
in_full = pytest.mark.skipif(IS_SHORT, reason="takes minutes: FAULTS_ROUNDS")
LEAST_SHOWN = 0.5
"""Share of the attempts in a place that somebody must have seen as text, or the place was never tried."""
MOST_IN_QUESTION = 1800
QUESTIONS_OF_ONE = 12
OF_ANOTHER = "dijkgraaf Zevenhoven zwijgt over het gemaal"
"""What another visitor asked, wrote and named."""


def of(place: str) -> list[Attempt]:
    return [one for one in ATTEMPTS if one.place == place]


@dataclass
class Obedient:
    """Plays a model that writes what it is to write, or else all that it was given to read."""

    lines: Sequence[str] = ()
    read: list[str] = field(default_factory=list)
    sizes: random.Random = field(default_factory=lambda: random.Random(8))  # noqa: S311

    def __call__(self, reply: Reply) -> None:
        """Answer with each line after a true sentence, and by itself."""
        offered = reply.chat.offered
        self.read.append(reply.chat.sent)
        asked = reply.chat.sent.partition("<vraag>\n")[2].partition("\n</vraag>")[0]
        true = offered[0] if offered else ""
        forms = (
            f"{one} [1]\n{true.rstrip('.')} {one} [1]\n- {one} [1]" for one in self.lines or [asked, *offered]
        )
        reply.open()
        reply.say(f"{true} [1]\n", size=500)
        reply.say("\n".join(forms)[:MOST_CHARACTERS], size=self.sizes.randint(3, 40))
        reply.conclude()


@pytest.fixture(scope="module")
def chat() -> Iterator[ChatServer]:
    with chat_server() as server:
        yield server


@pytest.fixture(scope="module")
def model(chat: ChatServer) -> Obedient:
    made = Obedient()
    chat.part = made
    return made


@pytest.fixture(scope="module")
def settings(card_settings: Settings, chat: ChatServer, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server whose corpus is full of attempts, and whose model obeys them."""
    folder = tmp_path_factory.mktemp("planted")
    own = card_settings.model_copy(update={"database_url": f"sqlite:///{folder / 'assistant.db'}"})
    pytest.importorskip("langchain_openai", reason="needs the extra openai")
    planted = plant(own, folder, ATTEMPTS)
    Indexer(planted, load_engine(planted)).build(lambda step: None)
    named = {"model": f"openai:{MODEL}", "model_base_url": chat.address, "model_timeout": 10.0}
    return planted.model_copy(update=named)


@pytest.fixture(scope="module")
def server(settings: Settings, model: Obedient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OPENAI_API_KEY", "proef")
        made = Victim(settings, tmp_path_factory.mktemp("reaching") / "notes")
        made.start(WHOLE)
    yield made
    made.end()


@pytest.fixture(scope="module")
def pot() -> Iterator[Honeypot]:
    with honeypot() as listening:
        yield listening


@pytest.fixture(scope="module")
def browser(pot: Honeypot) -> Iterator[Browser]:
    with trapping_browser(pot) as opened:
        yield opened


Visit = Callable[[], Watched]


@pytest.fixture(scope="module")
def another(browser: Browser, server: Victim, model: Obedient) -> Iterator[None]:
    """Somebody else, who asks and makes a health check; no model reads of it afterwards."""
    somebody = Watched(browser, server.address)
    arrive(somebody)
    ask(somebody, OF_ANOTHER)
    assert OF_ANOTHER in somebody.texts[0]
    with closing(Wire(server.address)) as wire:
        partners = {"alliance": OF_ANOTHER, "organisations": ["Gemeente", "Waterschap"]}
        assert wire.send("POST", CHECKS, partners)[0] == 201
    model.read.clear()
    yield
    somebody.close()
    assert not any(OF_ANOTHER in read for read in model.read)


@pytest.fixture
def visit(browser: Browser, server: Victim, another: None) -> Iterator[Visit]:
    """Open a browser of one's own before the server; whatever acts in one of them fails the test."""
    opened: list[Watched] = []

    def open_one() -> Watched:
        opened.append(Watched(browser, server.address))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
    assert [acted for one in opened for acted in one.acted] == []
    assert not any(OF_ANOTHER in text for one in opened for text in one.texts)


def joined(them: Sequence[Attempt], most: int = MOST_IN_QUESTION) -> Iterator[str]:
    """Yield texts with as many attempts as there is room for."""
    text = ""
    for one in them:
        if text and len(text) + len(one.text) > most:
            yield text
            text = ""
        text += f"{one.text}\n"
    yield text


def shown(opened: Sequence[Watched], place: str) -> float:
    """Return the share of a place's attempts that somebody saw."""
    numbers = {one.number for one in of(place)}
    return len(numbers & set().union(*(one.shown for one in opened))) / len(numbers)


def test_what_acts_is_noticed(browser: Browser, pot: Honeypot, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "\n".join(MarkdownIt("commonmark", {"html": True}).render(one.text) for one in ATTEMPTS),
        encoding="utf-8",
    )
    naive = Watched(browser, "http://127.0.0.1:1")
    naive.page.goto(page.as_uri(), wait_until="commit")
    naive.page.wait_for_timeout(500)
    found = len(naive.leftovers()), len(naive.acted)
    naive.close()
    assert all(count > COUNT / 20 for count in found), found
    assert pot.visits
    pot.visits.clear()


@in_full
def test_a_question_is_only_text(visit: Visit) -> None:
    opened = []
    for number, text in enumerate(joined(of("question"))):
        if number % QUESTIONS_OF_ONE == 0:
            opened.append(visit())
            arrive(opened[-1])
        ask(opened[-1], text)
    opened[-1].page.reload()
    opened[-1].page.locator(".vraagtekst").first.wait_for()
    opened[-1].look()
    opened[-1].visit("/gesprekken")
    assert shown(opened, "question") > LEAST_SHOWN


@in_full
def test_what_was_said_before_is_only_text(server: Victim, browser: Browser) -> None:
    answers = []
    with closing(Wire(server.address)) as wire:
        name = wire.send("GET", "/v1/models")[1]["data"][0]["id"]
        for them in batches(of("earlier"), 5):
            history = [
                {"role": role, "content": text} for text in joined(them) for role in ("user", "assistant")
            ]
            asked = {"question": "En wat nog meer?", "history": history}
            answers.append(wire.send("POST", "/v1/answers", asked))
            told = [*history, {"role": "user", "content": "En wat nog meer?"}]
            answers.append(wire.send("POST", "/v1/chat/completions", {"model": name, "messages": told}))
    assert {status for status, _ in answers} == {200}
    show_naively(browser, [said for _, said in answers])


@in_full
def test_a_document_is_only_text(visit: Visit, server: Victim, browser: Browser) -> None:
    one = visit()
    one.visit(f"/bronnen/{TEXTS}")
    arrive(one)
    answers = []
    with closing(Wire(server.address)) as wire:
        for number in range(2 + COUNT // 100):
            question = f"Waar houden rivierdijken het water buiten, volgens bijlage {number}?"
            ask(one, question)
            answers.append(wire.send("POST", "/v1/answers", {"question": question})[1])
    show_naively(browser, answers)
    assert shown([one], "document") > LEAST_SHOWN


@in_full
def test_a_document_of_ones_own_is_only_text(visit: Visit) -> None:
    one = visit()
    one.visit("/documenten")
    kinds = (("md", "# Gemaal\n\n{}"), ("txt", "Gemaal\n\n{}"), ("html", "<h1>Gemaal</h1><p>{}</p>"))
    for number, them in enumerate(batches(of("document"), 10)):
        ending, frame = kinds[number % len(kinds)]
        texts = [f"Het gemaal nummer {number} pompt de polder droog.", *(each.text for each in them)]
        add(one, f"gemaal {number}.{ending}", frame.format("\n\n".join(texts)))
    for path in read_all(one):
        one.visit(path)
    arrive(one)
    for number in range(1 + COUNT // 100):
        ask(one, f"Wat pompt gemaal nummer {number} droog?")
    assert shown([one], "document") > LEAST_SHOWN


def add(one: Watched, name: str, text: str) -> None:
    """Add a file by the page, as the browser's visitor."""
    file = FilePayload(name=name, mimeType="text/plain", buffer=text.encode())
    said = one.context.request.post(f"{one.address}/documenten", multipart={"bestand": file})
    assert said.ok, said.text()


def read_all(one: Watched) -> list[str]:
    """Wait until all documents of a visitor are read, and return their addresses."""
    deadline = time.monotonic() + 60 + COUNT
    while True:
        one.visit("/documenten")
        if not one.page.locator(".eigen-documenten progress").count():
            break
        assert time.monotonic() < deadline, "the documents aren't read"
        one.page.wait_for_timeout(500)
    links = one.page.locator("a[href^='/documenten/']").evaluate_all(
        "links => links.map(one => one.pathname)"
    )
    return sorted({link for link in links if not link.endswith("/bestand")})


@in_full
def test_a_title_in_the_bibliography_is_only_text(visit: Visit, server: Victim, browser: Browser) -> None:
    one = visit()
    for path in ("/bronnen", "/bibliotheek", "/over"):
        one.visit(path)
    for number, _ in enumerate(batches(of("title"), 5)):
        one.visit(f"/bronnen/{TITLES}-{number}")
    arrive(one)
    ask(one, QUESTION)
    assert shown([one], "title") > LEAST_SHOWN
    with closing(Wire(server.address)) as wire:
        refused = wire.send("POST", "/v1/answers", {"question": "Wat is de hoofdstad van Mongolië?"})[1]
    assert refused["refused"]
    show_naively(browser, [refused])


@in_full
def test_the_name_of_a_file_is_only_text(visit: Visit) -> None:
    one = visit()
    one.visit("/documenten")
    for attempt in of("title"):
        add(one, f"{attempt.line} {attempt.mark}.md", f"Het stoomgemaal van {attempt.number} maalt.")
    for path in read_all(one):
        one.visit(path)
    arrive(one)
    ask(one, f"Wat maalt het stoomgemaal van {of('title')[0].number}?")
    assert shown([one], "title") > LEAST_SHOWN


@in_full
def test_a_card_is_only_text(visit: Visit, server: Victim, browser: Browser) -> None:
    one, answers = visit(), []
    one.visit("/bibliotheek?zoek=rivierdijken")
    for number, _ in enumerate(batches(of("card"), 10)):
        one.visit(f"/kaarten/{CARD}-{number}")
    arrive(one)
    with closing(Wire(server.address)) as wire:
        for them in batches(of("card"), 10):
            question = " ".join(them[0].line.split())
            ask(one, question)
            answers.append(wire.send("POST", "/v1/answers", {"question": question})[1])
    show_naively(browser, answers)
    assert shown([one], "card") > LEAST_SHOWN


@in_full
def test_what_a_model_writes_is_only_text(
    visit: Visit, server: Victim, browser: Browser, model: Obedient
) -> None:
    opened, answers = [], []
    for number, text in enumerate(joined(of("model"))):
        if number % QUESTIONS_OF_ONE == 0:
            opened.append(visit())
            arrive(opened[-1])
        model.lines = text.splitlines()
        ask(opened[-1], "Wat is funderen?")
        with closing(Wire(server.address)) as wire:
            answers.append(wire.send("POST", "/v1/answers", {"question": "Wat is funderen?"})[1])
    model.lines = ()
    show_naively(browser, answers)


@in_full
def test_a_kept_conversation_is_only_text(visit: Visit, settings: Settings, browser: Browser) -> None:
    one, exports = visit(), []
    one.visit("/over")
    visitor = next(c["value"] for c in one.context.cookies() if c["name"] == "bezoeker")
    with closing(Storage.open(settings.storage_url)) as storage:
        for them in batches(of("conversation"), 10):
            kept_id = None
            for attempt in them:
                kept = _kept(attempt)
                kept_id = storage.conversations.keep(visitor, kept, attempt.line[:200], kept_id)
            arrive(one, f"/?gesprek={kept_id}")
            one.page.locator(".vraagtekst").first.wait_for()
            one.look()
            one.visit(f"/gesprekken/{kept_id}/wissen")
            file = one.context.request.get(f"{one.address}/gesprekken/{kept_id}/bestand?soort=md")
            exports.append({"answer": file.text()})
    one.visit("/gesprekken")
    show_naively(browser, exports)
    assert shown([one], "conversation") > LEAST_SHOWN


def _kept(attempt: Attempt) -> KeptExchange:
    """Return an exchange that is nothing but the attempt, as no answer of ours ever is."""
    text = attempt.text
    evidence = Evidence(TEXTS, text, text, Span(0, len(text)))
    citation = Citation(1, evidence, Support.QUOTED)
    return KeptExchange(
        attempt.mark, text, Ending.ANSWERED, f"{text} [1]", (), (citation,), (text,), (text,), engine=text
    )


@in_full
def test_a_health_check_is_only_text(visit: Visit, server: Victim) -> None:
    them, one = of("remark"), visit()
    with closing(Wire(server.address)) as wire:
        for some in batches(them, 10):
            key, codes = _fill_check(wire, some)
            for code in codes[:2]:
                for block in ("bewaren", "fasen", "ambitie", "klaar"):
                    one.visit(f"/check/invullen/{code}/{block}")
            one.visit(f"/check/beheer/{key}")
            wire.close()  # The server did so when nothing came for a while.
            assert wire.send("POST", f"{CHECKS}/mine/close", {}, **{"X-Check-Key": key})[0] == 200
            one.visit(f"/check/rapport/{key}")
            wire.close()
    assert shown([one], "remark") > LEAST_SHOWN


def _fill_check(wire: Wire, them: Sequence[Attempt]) -> tuple[str, list[str]]:
    """Make a check whose names and remarks are attempts, answered by three people of each partner."""
    names = [one.line[:100] for one in them]
    partners = list(dict.fromkeys([*names[1:3], "Gemeente", "Zorggroep"]))[:3]
    status, made = wire.send("POST", CHECKS, {"alliance": names[0], "organisations": partners})
    assert status == 201, made
    codes = []
    for at, organisation in enumerate(made["organisations"] * 3):
        invited = {"invitation": organisation["invitation"]}
        code = str(wire.send("POST", f"{CHECKS}/respondents", invited)[1]["code"])
        remarks = [them[(at + step) % len(them)].text for step in range(len(ITEMS))]
        responses = [
            {"item_id": item, "score": 1 + at % 5, "remark": remark}
            for item, remark in zip(ITEMS, remarks, strict=True)
        ]
        said = wire.send(
            "PUT",
            f"{CHECKS}/respondents/me/responses",
            {"responses": responses},
            **{"X-Respondent-Code": code},
        )
        assert said[0] == 200, said
        codes.append(code)
    return made["key"], codes


def show_naively(browser: Browser, answers: Sequence[Any]) -> None:
    """Show what the API says as a careless client would: as Markdown with HTML, under no policy."""
    naive = Watched(browser, "about:blank")
    markdown = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable("table")
    try:
        for text in _texts(answers):
            naive.page.set_content(markdown.render(text))
            naive.look()
        assert naive.acted == []
    finally:
        naive.close()


def _texts(answers: Sequence[Any]) -> Iterator[str]:
    for said in answers:
        if "choices" in said:
            yield said["choices"][0]["message"]["content"]
        else:
            yield said["answer"]

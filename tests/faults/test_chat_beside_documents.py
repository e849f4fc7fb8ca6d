"""Questions are answered as quickly beside a stream of hostile documents as without it."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest

from assistant.settings import Settings
from tests.faults.conftest import rounds
from tests.faults.hostile_documents import Hostile, make
from tests.faults.people import Unanswered, Wire
from tests.faults.victims import WHOLE, Victim

QUESTIONS = ("Wat is calculatief vertrouwen?", "Welke rollen heeft een alliantiemanager?", "Wat is funderen?")
MOST = 2.0
"""How many times longer a question may take at the 95th percentile."""
BLOCK = 25
"""Questions in a row without documents, and then with: what else the computer does weighs on both."""


@pytest.fixture
def victim(card_settings: Settings, tmp_path: Path) -> Iterator[Victim]:
    database = f"sqlite:///{tmp_path / 'assistant.db'}"
    made = Victim(card_settings.model_copy(update={"database_url": database}), tmp_path / "notes")
    made.start(WHOLE)
    yield made
    made.end()


@pytest.mark.skipif(rounds(0, 1) == 0, reason="times mean something in the long form: FAULTS_ROUNDS")
def test_the_p95_of_questions_hardly_suffers_from_a_stream_of_hostile_documents(
    victim: Victim, record_property: Callable[[str, object], None]
) -> None:
    documents, seconds = iter(cycle(make())), {False: list[float](), True: list[float]()}
    sent: list[int] = []
    ask(victim.address, BLOCK)
    for _ in range(rounds(1, 12)):
        seconds[False] += ask(victim.address, BLOCK)
        with stream(victim.address, documents, sent):
            seconds[True] += ask(victim.address, BLOCK)
    quiet, beside = (statistics.quantiles(seconds[is_beside], n=20)[-1] for is_beside in (False, True))
    figures = f"p95 {quiet * 1000:.0f} ms, beside {len(sent)} documents {beside * 1000:.0f} ms"
    record_property("figure", f"{figures}: {beside / quiet:.2f} times")
    assert not any(status >= 500 for status in sent)
    assert len(sent) > rounds(1, 12)
    assert beside / quiet <= MOST


def ask(address: str, count: int) -> list[float]:
    """Ask so many questions one after another; return the seconds that each took."""
    taken = []
    with closing(Wire(address)) as wire:
        for _, question in zip(range(count), cycle(QUESTIONS), strict=False):
            start = time.perf_counter()
            assert wire.send("POST", "/v1/answers", {"question": question})[0] == 200
            taken.append(time.perf_counter() - start)
    return taken


@contextmanager
def stream(address: str, documents: Iterator[Hostile], sent: list[int]) -> Iterator[None]:
    """Add documents one after another until the end."""
    ended = threading.Event()

    def send() -> None:
        with closing(Wire(address)) as wire:
            while not ended.is_set():
                one = next(documents)
                path = f"/v1/documents?name={quote(one.name[:200], safe='', errors='replace') or 'x'}"
                headers = {"Content-Type": "application/octet-stream"}
                try:
                    sent.append(wire.send("POST", path, one.content, **headers)[0])
                except Unanswered:
                    sent.append(0)  # A body over the limit is refused while it is being sent.

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join()

"""The server is killed while answers come in: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from tests.faults.conftest import rounds
from tests.faults.people import Ledger
from tests.faults.victims import API, WHOLE, Victim, crowd, lost_or_doubled, unfinished, unreadable

_log = logging.getLogger(__name__)

SEED = 20260301
DOCUMENT_PAUSE = 0.5
"""Seconds between two documents."""
MOST_IN_LIFE, LONGEST_AFTER = 20, 0.05
"""Answers after which a server is killed, and seconds that it lives after the last of them."""
WHOLE_EVERY = 15
"""Of so many servers one is the whole product; the others are its API alone, which starts sooner."""


@pytest.fixture
def victim(settings: Settings, tmp_path: Path) -> Iterator[Victim]:
    made = Victim(settings, tmp_path / "notes")
    yield made
    made.end()


def test_nothing_acknowledged_is_lost_or_doubled_by_kills(
    victim: Victim, settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    moments = random.Random(SEED)  # noqa: S311 - not for secrets
    kills = rounds(short=1, full=300)
    victim.start()
    with crowd(victim, DOCUMENT_PAUSE) as ledger:
        for number in range(1, kills + 1):
            _await_answers(ledger, moments.randint(1, MOST_IN_LIFE))
            time.sleep(moments.uniform(0, LONGEST_AFTER))
            victim.kill()
            assert lost_or_doubled(settings.storage_url, ledger) == []
            if number < kills:
                victim.start(API if number % WHOLE_EVERY else WHOLE)
            _log.info("%d kills: %d answers, %d documents kept", number, ledger.answered, len(ledger.added))
    assert ledger.refused == []
    if kills > 1:
        _await_documents(victim, settings.storage_url, len(ledger.offered))
        assert lost_or_doubled(settings.storage_url, ledger) == []
    figures = (
        f"{kills} kills; {ledger.answered} answers and {len(ledger.added)} documents acknowledged; "
        f"{ledger.begun_unanswered} times begun without a reply"
    )
    record_property("figure", figures)


def _await_documents(victim: Victim, url: str, count: int) -> None:
    """Let a server read what is left: nothing that was acknowledged stays unread."""
    victim.start()
    deadline = time.monotonic() + 60 + count
    while unfinished(url):
        assert time.monotonic() < deadline, f"{unfinished(url)} documents aren't read"
        time.sleep(0.5)
    assert unreadable(url) == 0


def _await_answers(ledger: Ledger, count: int) -> None:
    wanted, deadline = ledger.answered + count, time.monotonic() + 120
    while ledger.answered < wanted:
        assert time.monotonic() < deadline, "the server acknowledges nothing"
        time.sleep(0.002)

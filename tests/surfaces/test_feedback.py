"""What the curator reads of readers, run as a person runs it: a process of its own."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain import Citation, Evidence, Feedback, KeptExchange, Span, Support, Verdict
from assistant.settings import Settings
from assistant.storage import Storage
from tests.storage.talking import ANNA, BRAM, exchange
from tests.surfaces.test_cli import alliantie


@pytest.fixture
def settings(card_settings: Settings, tmp_path: Path) -> Settings:
    return card_settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'oordelen.db'}"})


@pytest.fixture
def said(settings: Settings) -> KeptExchange:
    """Two readers thought something: one that the answer helps, then another that it is wrong."""
    quoted = Evidence("jansen-2004-alliantievertrouwen", "Het NAV-model", "de woorden\nzelf", Span(3, 18))
    gone = Evidence("bron-van-vroeger", "Slot", "onze samenvatting", card_id="funderen")
    citations = (Citation(1, quoted, Support.QUOTED), Citation(2, gone, Support.SUPPORTED))
    helpful = replace(exchange("Wat helpt?"), citations=citations)
    wrong = replace(exchange("Wat klopt niet?", "Dit antwoord. [1] [2]"), citations=citations)
    with closing(Storage.open(settings.storage_url)) as storage:
        for visitor, one, feedback in (
            (ANNA, helpful, Feedback(Verdict.HELPFUL)),
            (BRAM, wrong, Feedback(Verdict.WRONG, ("bron", "verouderd"), "Regel een\nRegel twee")),
        ):
            storage.conversations.keep(visitor, one, "Samen")
            storage.feedback.give(visitor, one.id, feedback)
    return wrong


def test_the_newest_is_read_first_with_question_answer_and_passages(
    settings: Settings, said: KeptExchange
) -> None:
    done = alliantie("feedback", settings=settings)
    assert done.returncode == 0, done.stderr
    wrong, helpful = done.stdout.split("\n\n")
    for shown in (
        "Hier klopt iets niet",
        "bron, verouderd",
        "Regel een\n  Regel twee",
        "Wat klopt niet?",
        "Dit antwoord. [1] [2]",
        "[1] Jansen 2004, Het NAV-model: “de woorden zelf”",
        "[2] bron-van-vroeger, Slot (in onze woorden): onze samenvatting",
    ):
        assert shown in wrong
    assert "Wat helpt?" in helpful
    assert done.stderr == ""


def test_one_verdict_can_be_asked_for_as_lines_of_json(settings: Settings, said: KeptExchange) -> None:
    done = alliantie("feedback", "--json", "--verdict", "wrong", settings=settings)
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert told["feedback"] == {
        "verdict": "wrong",
        "reasons": ["bron", "verouderd"],
        "remark": "Regel een\nRegel twee",
    }
    assert told["exchange"]["question"] == "Wat klopt niet?"
    assert [one["evidence"]["source_id"] for one in told["exchange"]["citations"]] == [
        "jansen-2004-alliantievertrouwen",
        "bron-van-vroeger",
    ]
    assert ANNA not in done.stdout
    assert BRAM not in done.stdout


def test_where_nobody_said_anything_that_is_told(settings: Settings) -> None:
    done = alliantie("feedback", "--verdict", "unhelpful", settings=settings)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Er zijn geen oordelen bewaard.\n"


def test_a_database_that_cannot_be_opened_gets_one_clear_line(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "oordelen.db").write_text("Dit is geen database. " * 100)
    done = alliantie("feedback", settings=settings)
    assert done.returncode == 1
    assert "file is not a database" in done.stderr
    assert "Traceback" not in done.stderr

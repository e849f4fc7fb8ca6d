"""Who waits for an answer goes first."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from assistant.bootstrap import Assistant
from assistant.bootstrap.precedence import Precedence
from assistant.domain import Question, outcome_of


def test_other_work_waits_until_nobody_goes_first() -> None:
    precedence, order = Precedence(), list[str]()
    waits = threading.Event()

    def work() -> None:
        waits.set()
        precedence.give_way(10)
        order.append("work")

    with ThreadPoolExecutor(1) as pool, precedence.first(), precedence.first():
        done = pool.submit(work)
        assert waits.wait(10)
        time.sleep(0.05)
        order.append("answer")
    done.result()

    assert order == ["answer", "work"]


def test_other_work_does_not_wait_for_ever() -> None:
    precedence = Precedence()
    with precedence.first():
        began = time.monotonic()
        precedence.give_way(0.05)
    assert 0.04 < time.monotonic() - began < 5

    began = time.monotonic()
    precedence.give_way(60)
    assert time.monotonic() - began < 5


def test_a_question_asked_aside_gets_the_same_answer(from_cards: Assistant) -> None:
    question = Question("Wat is relationeel vertrouwen?")

    aside, asked = outcome_of(from_cards.ask_aside(question)), outcome_of(from_cards.ask(question))

    assert (aside.markdown, type(aside)) == (asked.markdown, type(asked))


def test_a_question_asked_aside_goes_on_while_a_slow_reader_reads(from_cards: Assistant) -> None:
    question = Question("Wat is relationeel vertrouwen?")
    slow = from_cards.ask(question)
    next(slow)

    assert outcome_of(from_cards.ask_aside(question)).markdown
    assert list(slow)

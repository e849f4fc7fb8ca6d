"""Small indexes to harm: real cards without phrasings, and what makes them out of date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path

from assistant.bootstrap import Assistant, Indexer, load_engine
from assistant.domain import Answer, Question, Refusal, outcome_of
from assistant.settings import Settings, read_settings

QUESTIONS = (
    "Wat is veerkracht?",
    "Welke rollen heeft een alliantiemanager?",
    "Hoe ga je om met een paradox?",
)
BESIDE = "Wat is de hoofdstad van Frankrijk?"


def small_settings(folder: Path, base: Settings) -> Settings:
    """Return settings with cards of their own, without phrasings, in a data folder of their own."""
    corpus = shutil.copytree(base.corpus, folder / "corpus", ignore=shutil.ignore_patterns("phrasings"))
    (folder / "no-originals").mkdir()
    return read_settings(data=folder / "data", corpus=corpus, originals=folder / "no-originals")


def copy_of(settings: Settings, folder: Path) -> Settings:
    """Return the same settings with a copy of cards and data, that may be harmed."""
    corpus = shutil.copytree(settings.corpus, folder / "corpus")
    data = shutil.copytree(settings.data, folder / "data")
    return settings.model_copy(update={"corpus": corpus, "data": data})


def change(settings: Settings, mark: object) -> None:
    """Make the index out of date, without a text to embed anew."""
    path = settings.corpus / "sources.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}# {mark}\n", encoding="utf-8")


def add_question(settings: Settings, mark: object) -> None:
    """Make the index out of date by a text that has to be embedded."""
    path = settings.corpus / "unanswered.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\nproef {mark}:\n  - "Wat kost proef {mark}?"\n', encoding="utf-8")


def build(settings: Settings) -> str:
    """Build in this process; return the version."""
    return Indexer(settings, load_engine(settings)).build(lambda step: None)


@contextmanager
def assisting(settings: Settings) -> Iterator[Assistant]:
    """Open an assistant as a server does at its start."""
    with closing(Assistant(settings, load_engine(settings))) as assistant:
        yield assistant


def said(assistant: Assistant, text: str) -> str:
    """Return the Markdown of an answer or a refusal."""
    return ask(assistant, text).markdown


def ask(assistant: Assistant, text: str) -> Answer | Refusal:
    """Ask, and return how it ends."""
    return outcome_of(assistant.ask(Question(text)))


def processes() -> ForkServerContext:
    """Return a context whose processes start at once: what they import is loaded once, for all."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["assistant.bootstrap", "tests.faults.indexes"])
    return context

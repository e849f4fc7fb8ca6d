"""A corpus with attempts planted in it: the shipped cards, and sources and cards that hold nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.settings import Settings
from tests.faults.payloads import Attempt

TEXTS, TITLES, CARD = "proefteksten", "proeftitels", "proefkaart"
TOPIC = "Rivierdijken houden het water buiten het dorp."
"""How each planted section begins: nothing else is about it, so questions about it find what is planted."""
QUESTION = "Waar houden rivierdijken het water buiten?"


def plant(settings: Settings, folder: Path, attempts: Sequence[Attempt]) -> Settings:
    """Return settings with a corpus, originals and data in ``folder``, in which attempts are planted."""
    corpus, originals = folder / "corpus", folder / "originals"
    shutil.copytree(settings.corpus, corpus, ignore=shutil.ignore_patterns("originals"))
    originals.mkdir()
    of = {place: [one for one in attempts if one.place == place] for place in ("document", "card", "title")}
    entries = [
        _plant_texts(originals, of["document"], of["card"]),
        *_plant_titles(originals, of["title"]),
    ]
    first = len(list(batches(of["document"], 4)))
    for number, them in enumerate(batches(of["card"], 10)):
        path = corpus / "cards" / "begrip" / f"{CARD}-{number}.md"
        path.write_text(_card(f"{CARD}-{number}", them, f"Bijlage {first + number}"), encoding="utf-8")
    with (corpus / "sources.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("\n" + yaml.safe_dump(entries, allow_unicode=True))
    changed = {"corpus": corpus, "originals": originals, "data": folder / "data"}
    return settings.model_copy(update=changed)


def batches(attempts: Sequence[Attempt], size: int) -> Iterator[Sequence[Attempt]]:
    """Yield the attempts so many at a time."""
    return (attempts[at : at + size] for at in range(0, len(attempts), size))


def _plant_texts(originals: Path, read: Sequence[Attempt], carded: Sequence[Attempt]) -> dict[str, Any]:
    """Write a source with all texts, those of the cards among them: a card says what a source says."""
    sections = [*batches(read, 4), *batches(carded, 10)]
    titles = [f"Bijlage {number}" for number in range(len(sections))]
    pages = (
        "\n\n".join([title, TOPIC, *(one.text for one in them)])
        for title, them in zip(titles, sections, strict=True)
    )
    (originals / f"{TEXTS}.txt").write_text("\n\n".join(pages), encoding="utf-8")
    return _entry(TEXTS, "Bijlagen", [{"title": title} for title in titles])


def _plant_titles(originals: Path, attempts: Sequence[Attempt]) -> Iterator[dict[str, Any]]:
    """Write sources whose titles, authors and sections are attempts."""
    for number, them in enumerate(batches(attempts, 5)):
        author, title, subtitle, container, section = (one.line for one in _filled(them, 5))
        name = f"{TITLES}-{number}"
        text = f"Dijk nummer {number} staat hier\n\n{TOPIC} Dat geldt voor dijk {number}."
        (originals / f"{name}.txt").write_text(text, encoding="utf-8")
        sections = [{"title": section, "starts": f"Dijk nummer {number} staat hier"}]
        changed = {"authors": [author], "subtitle": subtitle, "container": container}
        yield _entry(name, title, sections) | changed


def _entry(name: str, title: str, sections: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "id": name, "authors": ["N.N."], "year": None, "title": title, "container": "Proef",
        "language": "nl", "rights": "vrij", "label": title, "sections": sections,
    }  # fmt: skip


def _card(name: str, attempts: Sequence[Attempt], section: str) -> str:
    """Return a card that has attempts in all that a curator can fill in."""
    title, alias, asked, back, *said = (one.line for one in _filled(attempts, 5))
    front = {
        "id": name, "kind": "begrip", "title": title, "aliases": [alias], "phase": None, "related": [],
        "questions": [asked], "question_back": back,
    }  # fmt: skip
    statements = "\n".join(f"{line} [@{TEXTS}, {section}]" for line in said)
    return f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n\n## Kern\n{statements}\n"


def _filled(attempts: Sequence[Attempt], least: int) -> Iterable[Attempt]:
    """Return the attempts, from the first again where there are too few."""
    return (attempts[at % len(attempts)] for at in range(max(least, len(attempts))))

"""Phrasings: how people ask for what a card says, in a file beside the cards; found by, never shown.

The idea is that of document expansion by queries (Nogueira, Yang, Lin and Cho, "Document Expansion
by Query Prediction", 2019), with questions that people wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from assistant.corpus.findings import Fault
from assistant.corpus.validated_yaml import Lines, Mistake, parse_yaml
from assistant.domain import Card, CardSection
from assistant.errors import InvalidCard

FOLDER = "phrasings"


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    section: tuple[str, ...] = ()
    """How people ask for the whole of a section."""
    statements: tuple[tuple[str, ...], ...] = ()
    """How they ask for each of its statements: a row for each, in its order."""


class _File(RootModel[dict[str, _Asked]]):
    pass


def add_phrasings(card: Card, folder: Path) -> Card:
    """Return a card with the phrasings that ``<folder>/<kind>/<id>.yaml`` has for it, if that is there.

    Raises ``InvalidCard`` for a heading that the card lacks, or rows that aren't one for each statement.
    """
    path = folder / card.kind / f"{card.id}.yaml"
    if not path.is_file():
        return card
    asked, lines = _read(path)
    for mistake in _mismatches(card, asked, lines):
        raise _invalid(path, mistake)
    return replace(
        card, sections=tuple(_add(part, asked.get(part.heading, _Asked())) for part in card.sections)
    )


def stray_files(folder: Path, cards: Iterable[Path]) -> Iterator[InvalidCard]:
    """Yield a mistake for each file of phrasings that belongs to no card."""
    known = {(path.parent.name, path.stem) for path in cards}
    for path in sorted(folder.glob("*/*.yaml")):
        if (path.parent.name, path.stem) not in known:
            reason = f"there's no card '{path.parent.name}/{path.stem}.md'"
            yield _invalid(path, Mistake(1, Fault.STRAY_FILE, reason, path.stem))


def _read(path: Path) -> tuple[dict[str, _Asked], Lines]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _invalid(path, Mistake(1, Fault.UNREADABLE_FILE, str(error))) from error
    file, lines = parse_yaml(text, _File, lambda mistake: _invalid(path, mistake))
    return file.root, lines


def _mismatches(card: Card, asked: dict[str, _Asked], lines: Lines) -> Iterator[Mistake]:
    sections = {section.heading: section for section in card.sections}
    for heading, part in asked.items():
        if heading not in sections:
            reason = f"the card has no heading '{heading}'"
            yield Mistake(lines.at((heading,)), Fault.STRAY_PHRASINGS, reason, heading)
        elif part.statements and len(part.statements) != len(sections[heading].statements):
            rows, statements = len(part.statements), len(sections[heading].statements)
            reason = f"'{heading}' has {rows} rows for {statements} statements"
            yield Mistake(lines.at((heading, "statements")), Fault.UNEVEN_PHRASINGS, reason, heading)


def _add(section: CardSection, asked: _Asked) -> CardSection:
    rows = asked.statements or ((),) * len(section.statements)
    statements = (replace(one, phrasings=row) for one, row in zip(section.statements, rows, strict=True))
    return replace(section, statements=tuple(statements), phrasings=asked.section)


def _invalid(path: Path, mistake: Mistake) -> InvalidCard:
    return InvalidCard(
        file=f"{FOLDER}/{path.parent.name}/{path.name}",
        line=str(mistake.line),
        reason=mistake.reason,
        fault=mistake.fault,
        name=mistake.name,
        near="",
    )

"""Checking the corpus: each check yields what it found, as values; words for them are elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import median

from assistant.corpus.cards import CardFile, Survey
from assistant.corpus.evidence import find_lost, find_misplaced, strongest, unsupported
from assistant.corpus.findings import Fault, Finding, finding_of
from assistant.corpus.likeness import Reader
from assistant.domain import Card, Catalogue, Statement, unproved_figures
from assistant.errors import UnsupportedStatement

FEWEST_QUESTIONS, MOST_QUESTIONS = 2, 4
MOST_WORDS = 40
"""A statement of more words than this is hard to read aloud."""
SAME = 0.9
"""From this share of common stems on, two statements say the same."""
_WORDS_SHOWN = 7
"""No more of an original than this is shown with a finding."""


@dataclass(frozen=True, slots=True)
class Support:
    """How well the originals support the statements, from 0 to 1; ``low`` has 5 % of them below it."""

    lowest: float
    low: float
    median: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How much the corpus holds; ``links`` are the citations that are linked to a span."""

    sources: int
    cards: int
    statements: int
    links: int
    support: Support | None
    """``None`` without originals."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A statement and the card that it stands on."""

    card: Card
    statement: Statement


def check_cards(survey: Survey) -> Iterator[Finding]:
    """Yield what is wrong with the files of the cards, and with the cards side by side."""
    files = survey.files
    yield from (finding_of(mistake, mistake.details["file"]) for mistake in survey.mistakes)
    yield from _shared_names(files)
    yield from _shared_questions(files)
    yield from _question_counts(files)
    yield from _long_statements(files)
    yield from _shared_statements(files)
    if not survey.mistakes:
        yield from _unrelated_cards(files)


def check_evidence(catalogue: Catalogue) -> Iterator[Finding]:
    """Yield the statements that the originals, where they are present, don't support as they should."""
    placed = {one.statement.id: one for one in _statements(catalogue.cards.values())}
    for weak in unsupported(catalogue.evidence):
        yield _at(placed[weak], Fault.UNSUPPORTED, _nearest(catalogue, weak))
    for one in placed.values():
        proofs = catalogue.evidence[one.statement.id]
        if figures := unproved_figures(one.statement.text, proofs, catalogue.sources):
            details = {"figures": ", ".join(figures), **_nearest(catalogue, one.statement.id)}
            yield _at(one, Fault.UNPROVED_FIGURE, details)
    for statement, reference in find_lost(catalogue.cards.values(), catalogue.documents):
        label = catalogue.sources[reference.source_id].label
        details = {"source": label, "section": reference.section, "passage": reference.passage or ""}
        yield _at(placed[statement.id], Fault.LOST_PASSAGE, details)
    for found in find_misplaced(catalogue.cards.values(), catalogue.documents):
        label = catalogue.sources[found.cited.source_id].label
        details = {"source": label, "section": found.cited.section, "better": found.better}
        yield _at(placed[found.statement_id], Fault.OTHER_SECTION, details)


def require_support(catalogue: Catalogue) -> None:
    """Raise ``UnsupportedStatement`` for the statement that the originals support least, if too little."""
    weakest = unsupported(catalogue.evidence)[:1]
    for one in _statements(catalogue.cards.values()):
        if one.statement.id in weakest:
            nearest = _nearest(catalogue, one.statement.id)
            raise UnsupportedStatement(file=_path(one.card), line=str(one.statement.line), **nearest)


def tally(catalogue: Catalogue) -> Tally:
    """Count what the corpus holds."""
    linked = [[proof for proof in proofs if proof.span] for proofs in catalogue.evidence.values()]
    scores = sorted(strongest(proofs).score for proofs in linked if proofs)
    support = Support(scores[0], scores[len(scores) // 20], median(scores)) if scores else None
    return Tally(
        sources=len(catalogue.sources),
        cards=len(catalogue.cards),
        statements=sum(1 for _ in _statements(catalogue.cards.values())),
        links=sum(len(proofs) for proofs in linked),
        support=support,
    )


def _shared_names(files: Iterable[CardFile]) -> Iterator[Finding]:
    seen: dict[str, tuple[CardFile, int]] = {}
    for file in files:
        titled = (file.card.title, file.lines.at(("title",)))
        names = [(alias, file.lines.at(("aliases", at))) for at, alias in enumerate(file.card.aliases)]
        for name, line in [titled, *names]:
            other, there = seen.setdefault(_plain(name), (file, line))
            if other is not file:
                place = f"{_path(other.card)}:{there}"
                yield Finding(_path(file.card), line, Fault.SHARED_NAME, {"name": name, "other": place})


def _shared_questions(files: Iterable[CardFile]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for file in files:
        for at, question in enumerate(file.card.questions):
            line = file.lines.at(("questions", at))
            place = f"{_path(file.card)}:{line}"
            other = seen.setdefault(_plain(question), place)
            if other != place:
                details = {"name": question, "other": other}
                yield Finding(_path(file.card), line, Fault.SHARED_QUESTION, details)


def _question_counts(files: Iterable[CardFile]) -> Iterator[Finding]:
    for file in files:
        count = len(file.card.questions)
        if not FEWEST_QUESTIONS <= count <= MOST_QUESTIONS:
            details = {"count": str(count), "fewest": str(FEWEST_QUESTIONS), "most": str(MOST_QUESTIONS)}
            yield Finding(_path(file.card), file.lines.at(("questions",)), Fault.QUESTION_COUNT, details)


def _long_statements(files: Iterable[CardFile]) -> Iterator[Finding]:
    for one in _statements(file.card for file in files):
        count = len(one.statement.text.split())
        if count > MOST_WORDS:
            yield _at(one, Fault.LONG_STATEMENT, {"count": str(count), "most": str(MOST_WORDS)})


def _shared_statements(files: Iterable[CardFile]) -> Iterator[Finding]:
    for pair in _same_statements(_statements(file.card for file in files)):
        first, last = sorted(pair, key=lambda one: (_path(one.card), one.statement.line))
        place = f"{_path(first.card)}:{first.statement.line}"
        yield _at(last, Fault.SHARED_STATEMENT, {"other": place})


def _same_statements(statements: Iterable[_Placed]) -> Iterator[tuple[_Placed, _Placed]]:
    """Yield the pairs in different cards that share nearly all stems; only equal lengths can."""
    reader = Reader()
    read = [(frozenset(term.stem for term in reader.terms(one.statement.text)), one) for one in statements]
    read.sort(key=lambda pair: len(pair[0]))
    for at, (stems, one) in enumerate(read, start=1):
        for others, other in islice(read, at, None):
            if SAME * len(others) > len(stems):
                break
            if one.card is not other.card and len(stems & others) >= SAME * len(stems | others):
                yield one, other


def _unrelated_cards(files: Iterable[CardFile]) -> Iterator[Finding]:
    cards = [file.card for file in files]
    known = {related for card in cards for related in (*card.related, card.phase)}
    for card in cards:
        if card.id not in known:
            yield Finding(_path(card), 1, Fault.UNRELATED_CARD, {"name": card.id})


def _statements(cards: Iterable[Card]) -> Iterator[_Placed]:
    for card in cards:
        yield from (_Placed(card, statement) for statement in card.statements)


def _at(placed: _Placed, fault: Fault, details: Mapping[str, str]) -> Finding:
    return Finding(_path(placed.card), placed.statement.line, fault, details)


def _nearest(catalogue: Catalogue, statement_id: str) -> dict[str, str]:
    """Name the passage that supports a statement best, by its place and how it begins."""
    nearest = strongest(catalogue.evidence[statement_id])
    words = nearest.quote.split()[:_WORDS_SHOWN] if nearest.span else []
    label = catalogue.sources[nearest.source_id].label
    return {"source": label, "section": nearest.section, "passage": " ".join(words)}


def _path(card: Card) -> str:
    return f"cards/{card.kind}/{card.id}.md"


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))

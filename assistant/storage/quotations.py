"""Takes out of what is kept what quoted a document that was erased: conversations, feedback and outcomes.

The answer stays with what it took from elsewhere. What is to be kept while the document is being erased
goes through ``without_erased``, so that nothing slips in behind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assistant.domain import OWN_PREFIX, KeptExchange
from assistant.storage.document_models import DocumentRow
from assistant.storage.models import (
    BatchQuestionRow,
    ConversationRow,
    ExchangeRow,
    FeedbackRow,
    SentFeedbackRow,
)
from assistant.storage.rows import exchange_from_json, exchange_to_json
from assistant.storage.seeking import folded

_ID = re.compile(re.escape(OWN_PREFIX) + r"[0-9a-f]{32}")
_ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s")
_SHORTEST_SIGN = 12
"""Letters from which words that stand in a line can't be there by chance."""


def sought_text_of(exchange: KeptExchange) -> str:
    """Return what an exchange is found by."""
    return folded(f"{exchange.question}\n{exchange.markdown}")


def without_erased(session: Session, exchange: KeptExchange) -> KeptExchange:
    """Return an exchange that is to be kept, without what it quotes of documents that are gone."""
    gone = _gone(session, exchange_to_json(exchange))
    return _without(exchange, gone) if gone else exchange


def outcome_without_erased(session: Session, content: str) -> str:
    """Return the JSON of an outcome likewise."""
    gone = _gone(session, content)
    return _outcome_without(content, gone) if gone else content


def erase_quotations(session: Session, ids: Sequence[str]) -> None:
    """Erase what is kept of documents that were just erased in the same transaction."""
    gone = frozenset(ids)
    _lock_conversations(session, ids)
    for exchange in session.scalars(select(ExchangeRow).where(_mentions(ExchangeRow.content, ids))):
        left = _without(exchange_from_json(exchange.content), gone)
        exchange.content, exchange.sought_text = exchange_to_json(left), sought_text_of(left)
    for table in (FeedbackRow, SentFeedbackRow):
        rows: Iterable[FeedbackRow | SentFeedbackRow] = session.scalars(
            select(table).where(_mentions(table.content, ids)).with_for_update()
        )
        for row in rows:
            row.content = exchange_to_json(_without(exchange_from_json(row.content), gone))
    wanted = select(BatchQuestionRow).where(_mentions(BatchQuestionRow.outcome, ids)).with_for_update()
    for outcome in session.scalars(wanted):
        outcome.outcome = _outcome_without(outcome.outcome or "", gone)


def _gone(session: Session, content: str) -> frozenset[str]:
    """Return the ids of own documents in a text that are not there; those that are, can't go meanwhile."""
    ids = frozenset(_ID.findall(content))
    if not ids:
        return ids
    held = select(DocumentRow.id).where(DocumentRow.id.in_(ids)).order_by(DocumentRow.id)
    return ids - frozenset(session.scalars(held.with_for_update(read=True)))


def _lock_conversations(session: Session, ids: Sequence[str]) -> None:
    in_exchanges = select(ExchangeRow.conversation_id).where(_mentions(ExchangeRow.content, ids))
    in_feedback = select(FeedbackRow.conversation_id).where(_mentions(FeedbackRow.content, ids))
    is_one = ConversationRow.id.in_(in_exchanges) | ConversationRow.id.in_(in_feedback)
    # All who lock several do so in one order: no deadlocks.
    session.scalars(select(ConversationRow.id).where(is_one).order_by(ConversationRow.id).with_for_update())


def _mentions(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ids: Sequence[str]
) -> ColumnElement[bool]:
    return or_(*(column.contains(id_, autoescape=True) for id_ in ids))


def _without(exchange: KeptExchange, gone: Collection[str]) -> KeptExchange:
    claims = tuple(
        one
        for one in exchange.claims
        if not any(cite.evidence.source_id in gone for cite in one.citations)
        and not any(_ID.match(cite) and cite[: len(OWN_PREFIX) + 32] in gone for cite in one.claim.cites)
    )
    quoting = [one for one in exchange.citations if one.evidence.source_id in gone]
    told = [one.evidence.quote for one in quoting]
    told += [one.claim.text for one in exchange.claims if one not in claims]
    return replace(
        exchange,
        markdown=_lines_without(exchange.markdown, {one.number for one in quoting}, told),
        claims=claims,
        citations=tuple(one for one in exchange.citations if one not in quoting),
    )


def _outcome_without(content: str, gone: Collection[str]) -> str:
    """Take the citations of documents out of the JSON that a client gets, and the lines that quote them."""
    kept = json.loads(content)
    citations = kept.get("citations", [])
    quoting = [one for one in citations if one.get("source_id") in gone]
    if quoting:
        numbers, told = {one["number"] for one in quoting}, [str(one["quote"]) for one in quoting]
        kept["citations"] = [one for one in citations if one not in quoting]
        kept["answer"] = _lines_without(str(kept["answer"]), numbers, told)
    return json.dumps(kept, ensure_ascii=False)


def _lines_without(markdown: str, numbers: Collection[int], told: Iterable[str]) -> str:
    """Take out each line with one of these marks or words, and the line that announced nothing but those."""
    marks = tuple(f"[{number}]" for number in numbers)
    signs = [sign for sign in map(_letters, told) if len(sign) >= _SHORTEST_SIGN]
    kept: list[str] = []
    is_announced = False
    for line in markdown.split("\n"):
        letters = _letters(line)
        if any(mark in line for mark in marks) or any(sign in letters for sign in signs):
            is_announced = True
            continue
        if is_announced and line.strip():
            _drop_announcement(kept, line)
            is_announced = False
        kept.append(line)
    if is_announced:
        _drop_announcement(kept, "")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _drop_announcement(kept: list[str], following: str) -> None:
    """Drop a last line that ends in a colon, unless something of what it announced is left."""
    while kept and not kept[-1].strip():
        kept.pop()
    if kept and not _ITEM.match(following) and not _ITEM.match(kept[-1]) and kept[-1].rstrip().endswith(":"):
        kept.pop()
    if kept:
        kept.append("")


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())

"""Keeping a conversation, so that it is there at the next visit, and finding it again."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import takewhile
from typing import Protocol
from uuid import uuid4

from assistant.domain import Answer, Conversation, Ending, KeptExchange
from assistant.errors import StorageUnavailable, UnknownKey
from assistant.surfaces.chat.conversation import Exchange, Talk, View

_log = logging.getLogger(__name__)


class Keeping(Protocol):
    """Keeps the conversations of visitors."""

    def keep(
        self,
        visitor: str,
        exchange: KeptExchange,
        title: str = "",
        conversation_id: str | None = None,
        replaces: str | None = None,
    ) -> str:
        """Keep an exchange, and return the id of its conversation; ``UnknownKey`` if that isn't there."""
        ...

    def conversation(self, visitor: str, id: str) -> Conversation:  # noqa: A002 - as storage calls it
        """Return a conversation of a visitor; ``UnknownKey`` if there is none."""
        ...


class Keeper:
    """Keeps each exchange as it ends. What the coach and somebody said to each other is never kept."""

    def __init__(self, keeping: Keeping, coached_title: str) -> None:
        self._keeping, self._coached_title = keeping, coached_title

    def keep(self, view: View, visitor: str | None, version: str) -> View:
        """Return the view with its last exchange kept, or with word that it couldn't be."""
        last = view.exchanges[-1] if view.exchanges else None
        if visitor is None or last is None or last.kept or last.ending is None or _goes_on_coaching(view):
            return view
        kept = _kept(last, version)
        talk = view.talk
        try:
            id_ = self._keep(visitor, kept, talk)
        except StorageUnavailable as error:
            _log.warning("a conversation could not be kept: %s", error)
            return replace(view, is_unkept=True)
        exchanges = (*view.exchanges[:-1], replace(last, kept=kept))
        return replace(view, talk=replace(talk, exchanges=exchanges, conversation_id=id_, replaces=None))

    def open(self, id_: str, visitor: str | None) -> View:
        """Return a kept conversation as the page shows it, or an empty one with word why it isn't there."""
        if visitor is None:
            return View(absent="gone")
        try:
            found = self._keeping.conversation(visitor, id_)
        except UnknownKey:
            return View(absent="gone")
        except StorageUnavailable as problem:
            _log.warning("a conversation could not be read: %s", problem)
            return View(absent="away")
        exchanges = tuple(Exchange(one.question, one.filters, kept=one) for one in found.exchanges)
        return View(Talk(exchanges, found.id, found.title, dict(found.feedback)))

    def _keep(self, visitor: str, kept: KeptExchange, talk: Talk) -> str:
        title = self._coached_title if kept.ending is Ending.COACHED else ""
        try:
            return self._keeping.keep(visitor, kept, title, talk.conversation_id, talk.replaces)
        except UnknownKey:
            # It was erased meanwhile, in another window: what is said now begins a new one.
            return self._keeping.keep(visitor, kept, title)


def _goes_on_coaching(view: View) -> bool:
    """Whether the last exchange goes on with a health check, of which one mark is kept in all."""
    run = takewhile(lambda one: one.ending is Ending.COACHED, reversed(view.exchanges))
    return any(one.kept for one in run)


def _kept(exchange: Exchange, version: str) -> KeptExchange:
    if exchange.coached:
        return KeptExchange(uuid4().hex, "", Ending.COACHED, "")
    outcome = exchange.outcome
    return KeptExchange(
        id=outcome.id if outcome else uuid4().hex,
        question=exchange.question,
        ending=exchange.ending or Ending.STOPPED,
        markdown=exchange.markdown,
        claims=outcome.claims if isinstance(outcome, Answer) else exchange.claims,
        citations=exchange.citations,
        follow_ups=exchange.follow_ups,
        notices=exchange.notices,
        filters=exchange.filters,
        engine=outcome.engine if outcome else "",
        index_version=version,
    )

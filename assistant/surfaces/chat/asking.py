"""A question of a conversation, from what somebody typed to what is kept of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.answering.reading import read_question_text
from assistant.domain import Filters, Question
from assistant.errors import AssistantError
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.chat.conversation import (
    Answering,
    Exchange,
    Talk,
    View,
    converse,
    fail,
    rewound,
    stop,
)
from assistant.surfaces.chat.keeping import Keeper
from assistant.surfaces.chat.newest import newest
from assistant.surfaces.chat.pacing import Pacing

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as we know."""

    visitor: str | None
    """The token of a visitor; ``None`` for who has no cookie of ours."""
    host: str
    """The address that the request came from."""
    conversation_id: str | None = None
    """The conversation that the address of the page names."""
    count: Callable[[], None] = lambda: None
    """Counts a question; raises ``TooManyQuestions`` if the key of who asks has no more."""
    reader: str | None = None
    """Whose own documents are read along; ``None`` for nobody's but those that are shared."""


class Asking:
    """Answers what is asked on the page, and keeps it."""

    def __init__(
        self,
        assistant: Answering,
        keeper: Keeper | None,
        pace: Pacing,
        max_question_length: int,
        coach: ChatCoach | None = None,
    ) -> None:
        self._assistant, self._keeper, self._pace, self._coach = assistant, keeper, pace, coach
        self._most = max_question_length

    def ask(self, text: str, talk: Talk, filters: Filters, asker: Asker) -> Iterator[View]:
        """Yield the states of the page while a question is answered; whatever breaks becomes the last one."""
        talk = self._recover(talk, asker)
        talk = rewound(talk) if talk.is_rewriting and talk.exchanges and text.strip() else talk
        view = self._begun(text, talk, filters)
        box: str | None = ""  # The first that is shown takes the question out of the box.
        try:
            for view in newest(self._answer(text, talk, filters, asker)):
                shown = view if view.is_running else self._keep(view, asker)
                yield shown if shown.draft is not None else replace(shown, draft=box)
                box = None
        except Exception:  # Whatever broke, the reader gets the question back rather than a dead page.
            _logger.exception("answering broke down")
            yield fail(view)

    def stop(self, talk: Talk, asker: Asker) -> View:
        """Return the conversation with its last question stopped, as far as its answer had come."""
        return self._keep(stop(talk), asker)

    def open(self, id_: str, asker: Asker) -> View:
        """Return a kept conversation, or word of why it isn't there."""
        return self._keeper.open(id_, asker.visitor) if self._keeper else View(absent="gone")

    def _answer(self, text: str, talk: Talk, filters: Filters, asker: Asker) -> Iterator[View]:
        try:
            if text.strip():
                self._pace.admit(asker.visitor or asker.host)
                text = read_question_text(text, self._most)
                asker.count()
        except AssistantError as problem:
            yield replace(self._begun(text, talk, filters), draft=text, problem=problem)
            return
        yield from converse(self._assistant, Question(text, (), filters, asker.reader), talk, self._coach)

    def _begun(self, text: str, talk: Talk, filters: Filters) -> View:
        begun = Exchange(text.strip()[: self._most], filters)
        return View(replace(talk, exchanges=(*talk.exchanges, begun)))

    def _keep(self, view: View, asker: Asker) -> View:
        if self._keeper is None:
            return view
        return self._keeper.keep(view, asker.visitor, self._assistant.status().index_version or "")

    def _recover(self, talk: Talk, asker: Asker) -> Talk:
        """Return the conversation of the address, if the server has started anew since it was opened."""
        id_ = asker.conversation_id
        return self.open(id_, asker).talk if id_ and not talk.exchanges else talk

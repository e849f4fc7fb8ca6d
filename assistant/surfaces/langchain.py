"""The assistant for LangChain: its search as a retriever, its answers as a runnable.

What travels inside stays our own values; what comes out is either a LangChain ``Document`` or
the ``Answer`` or ``Refusal`` itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict

from assistant.domain import Answer, Event, Passage, Question, Refusal, outcome_of


class Searching(Protocol):
    """Finds passages and answers questions; ``assistant.bootstrap.Assistant`` does."""

    def search(self, question: Question) -> tuple[Passage, ...]:
        """Return the passages for a question, best first."""
        ...

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield the events of an answer."""
        ...


class PassageRetriever(BaseRetriever):
    """The passages for a question as documents: text, with source, section, card and score as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Any
    limit: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = self.assistant.search(Question(query))[: self.limit]
        return [_as_document(passage) for passage in found]


class AssistantRunnable(Runnable[str | Question, Event]):
    """A question in; ``invoke`` and ``batch`` give its answer or refusal, ``stream`` every event."""

    def __init__(self, assistant: Searching) -> None:
        self._assistant = assistant

    def invoke(
        self,
        input: str | Question,  # noqa: A002 - LangChain's name for it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Answer | Refusal:
        """Return how the question ends."""
        return outcome_of(self.stream(input, config))

    def stream(
        self,
        input: str | Question,  # noqa: A002 - LangChain's name for it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[Event]:
        """Yield the passages, each checked claim, and last the answer or refusal."""
        yield from self._assistant.ask(Question(input) if isinstance(input, str) else input)


def _as_document(passage: Passage) -> Document:
    chunk = passage.chunk
    metadata = {
        "source_ids": list(chunk.source_ids),
        "section": chunk.section,
        "kind": chunk.kind,
        "card_id": chunk.card_id,
        "start": chunk.span.start if chunk.span else None,
        "end": chunk.span.end if chunk.span else None,
        "score": passage.score,
    }
    return Document(page_content=chunk.text, id=chunk.id, metadata=metadata)

"""Own documents as questions find them: what who asks may see at this moment, and nothing else."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain import OWN, Filters, Hit, Language, OwnDocument, OwnPassage, Query
from assistant.errors import IndexDamaged
from assistant.retrieval.adapter import QueryAdapter
from assistant.retrieval.embedding import Embedder, is_e5
from assistant.retrieval.fusion import E5_RANGE, FULL_RANGE, fuse
from assistant.retrieval.segments import Found, Segment, search

_log = logging.getLogger(__name__)

MOST_CHUNKS_HELD = 300_000
"""Passages whose segments stay in memory, about 2.5 KB each; the least recently searched go first."""

POOL = 60
"""Passages that each leg brings to the fusion."""

PASSAGES = 6
"""Passages that an answer may quote from."""

MEANING_WEIGHT = 0.7
"""Share of meaning in the fused score, as for the literature."""


USUAL_SUITED = 0.05
"""Nearness of a passage to the adapted question, where there is no adapter."""


class DocumentStore(Protocol):
    """Knows who may see which documents, and keeps their segments."""

    def visible(self, reader: str | None) -> tuple[OwnDocument, ...]:
        """Return the documents that questions of this reader find: ready, and own or shared."""
        ...

    def segments(self, ids: Sequence[str], engine: str, model: str) -> Mapping[str, bytes]:
        """Return what ``Segment.to_bytes`` wrote, by document; without those that aren't made yet."""
        ...

    def drop_segment(self, id: str, engine: str, model: str) -> None:  # noqa: A002
        """Drop a segment, so that it is made anew from the document's text."""
        ...


class OwnShelf:
    """Finds passages in own documents; safe to use from several threads.

    Who may see what is asked of the database at each question, so that nothing here can go out of date;
    only segments are held, and those never change.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._range = E5_RANGE if is_e5(embedder.model) else FULL_RANGE
        self._store: DocumentStore | None = None
        self._held: OrderedDict[str, Segment] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, store: DocumentStore) -> None:
        """Find documents in this store from now on; before that there are none."""
        self._store = store

    def find(self, query: Query, adapter: QueryAdapter | None = None) -> tuple[OwnPassage, ...]:
        """Return the passages for a query, best first."""
        store = self._store
        visible = store.visible(query.reader) if store else ()
        documents = {one.id: one for one in visible if _admits(query.filters, one)}
        if store is None or not documents:
            return ()
        text = query.text if query.language is Language.DUTCH else ""
        segments = self._segments(store, tuple(documents))
        vector = self._embedder.embed_query(query.text)
        found = {one.id: one for one in search(segments, vector, text, POOL)}
        best = [found[id_] for id_ in _ranked(found.values(), self._range)[:PASSAGES]]
        adapted = adapter.adapt(vector) if adapter else None
        return tuple(
            _passage(documents, one, USUAL_SUITED if adapted is None else one.nearness(adapted))
            for one in best
        )

    def closeness(self, query: Query, sentences: Sequence[str]) -> Sequence[float]:
        """Return the cosine similarity of each sentence to a query."""
        near = self._embedder.embed_passages(sentences) @ self._embedder.embed_query(query.text)
        return [float(one) for one in near]

    def _segments(self, store: DocumentStore, ids: Sequence[str]) -> list[Segment]:
        with self._lock:
            held = {id_: self._held[id_] for id_ in ids if id_ in self._held}
        missing = [id_ for id_ in ids if id_ not in held]
        if missing:
            kept = store.segments(missing, self._embedder.engine, self._embedder.model)
            held |= {
                id_: segment
                for id_, content in kept.items()
                if (segment := self._read(store, id_, content)) is not None
            }
        self._hold(held)
        return list(held.values())

    def _read(self, store: DocumentStore, id_: str, content: bytes) -> Segment | None:
        """Return a segment; one that is damaged, or of another release, is dropped to be made anew."""
        try:
            return Segment.from_bytes(content)
        except IndexDamaged:
            _log.warning("the segment of document %s can't be read, and is made anew", id_)
            store.drop_segment(id_, self._embedder.engine, self._embedder.model)
            return None

    def _hold(self, segments: Mapping[str, Segment]) -> None:
        with self._lock:
            for id_, segment in segments.items():
                self._held[id_] = segment
                self._held.move_to_end(id_)
            count = sum(map(len, self._held.values()))
            while count > MOST_CHUNKS_HELD and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                count -= len(dropped)


@dataclass(frozen=True, slots=True)
class AdaptedShelf:
    """The shelf, asked with the adapter of one version of the index."""

    shelf: OwnShelf
    adapter: QueryAdapter | None

    def find(self, query: Query) -> tuple[OwnPassage, ...]:
        """Return the passages for a query, best first."""
        return self.shelf.find(query, self.adapter)

    def closeness(self, query: Query, sentences: Sequence[str]) -> Sequence[float]:
        """Return the cosine similarity of each sentence to a query."""
        return self.shelf.closeness(query, sentences)


def _admits(filters: Filters, document: OwnDocument) -> bool:
    is_kind = not filters.kinds or OWN in filters.kinds
    return is_kind and (not filters.sources or document.id in filters.sources)


def _ranked(found: Iterable[Found], dense_range: tuple[float, float]) -> list[str]:
    """Return the ids of passages, best first."""
    listed = list(found)
    dense = tuple(Hit(one.id, one.dense, "dense") for one in listed)
    keywords = tuple(Hit(one.id, one.keywords, "keywords") for one in listed if one.keywords > 0)
    return [hit.chunk_id for hit in fuse(dense, keywords, MEANING_WEIGHT, dense_range)]


def _passage(documents: Mapping[str, OwnDocument], found: Found, suited: float) -> OwnPassage:
    ((chunk, page),) = found.segment.chunks([found.row])
    document = documents[found.segment.document_id]
    return OwnPassage(document, chunk, page, found.dense, suited, found.keywords, found.coverage)

"""A document that somebody added, cut into the passages that are searched, and these as its segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.corpus.chunking import split_document
from assistant.domain import OWN, Chunk, Document, ReadText, Source
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.segments import build_segment


def split_own(document_id: str, title: str, read: ReadText) -> tuple[Chunk, ...]:
    """Cut a document into passages of whole sentences; their ids begin with that of the document."""
    source = Source(document_id, (), None, title, title, read.language or "nl", "", title, ())
    document = Document(document_id, read.text, read.sections, ())
    chunks = split_document(document, source, skip=())
    return tuple(
        replace(chunk, id=f"{document_id}-{number}", kind=OWN) for number, chunk in enumerate(chunks, start=1)
    )


def own_segment(
    document_id: str,
    read: ReadText,
    chunks: Sequence[Chunk],
    vectors: NDArray[np.float32],
    embedder: Embedder,
) -> bytes:
    """Return the segment of a document as it is kept; ``vectors`` has shape (len(chunks), dimension)."""
    pages = [read.page_at(chunk.span.start) if chunk.span else None for chunk in chunks]
    segment = build_segment(document_id, chunks, pages, vectors, engine=embedder.engine, model=embedder.model)
    return segment.to_bytes()

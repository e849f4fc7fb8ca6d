"""What the indexes find for a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from assistant.domain.corpus import Chunk

Engine = Literal["dense", "keywords", "fusion"]


class Hit(NamedTuple):  # A question makes a thousand: a dataclass takes twice as long.
    """A chunk found by one engine; scores of different engines don't compare."""

    chunk_id: str
    score: float
    engine: Engine


Ranking = tuple[Hit, ...]
"""Hits of one engine, best first."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question. ``score`` is the fused one or, on that scale, a reranker's: 0 to 1."""

    chunk: Chunk
    score: float
    dense: float | None = None
    """Cosine similarity, or ``None`` if the dense engine didn't return it."""
    keywords: float | None = None
    """BM25, or ``None`` if the keyword engine didn't return it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a query, with the raw evidence that refusing rests on."""

    passages: tuple[Passage, ...]
    best_dense: float
    """Highest cosine similarity over the whole index (within the filters); 0 if nothing was found."""
    coverage: float
    """Share, weighted by rarity, of the query's content words that the best passages hold (0 to 1)."""
    unknown_terms: tuple[str, ...]
    """Content words of the query that occur nowhere in the index."""
    closeness: Mapping[str, float] = field(default_factory=dict)
    """Cosine similarity of each card statement to the query, by statement id."""
    suited: Mapping[str, float] = field(default_factory=dict)
    """How near each card statement is to the adapted query, by statement id; empty without an adapter."""
    asked: Mapping[str, float] = field(default_factory=dict)
    """Cosine similarity of the nearest phrasing of each card statement that has any, by statement id."""
    best_phrasing: float = 0.0
    """Highest cosine similarity to a way in which people ask for a section; 0 if there are none."""
    best_unanswered: float = 0.0
    """Highest cosine similarity to a question that the texts don't answer; 0 if none is known."""
    unknown_share: float = 0.0
    """Share, weighted by rarity, of the query's content words that occur nowhere in the index (0 to 1)."""

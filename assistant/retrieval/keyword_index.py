"""The keyword index: BM25 over Dutch stems, and what refusing wants to know about words.

Texts and questions go through the same steps, those of ``stemming``.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.domain import Chunk, Filters, Hit, Ranking
from assistant.errors import IndexDamaged
from assistant.retrieval.stemming import ALL_STEPS, Stemmer, Steps, words_of

if TYPE_CHECKING:
    from bm25s import BM25

SHORTEST_MISSPELT = 6
"""Shorter words are too easily mistaken for one another."""

LIKENESS = 87
"""How much alike, of 100, an unknown word and a known one must be to count as the same."""

MOST_CORRECTIONS = 10_000
"""Corrections that are remembered."""

MOST_CONTENTS = 128
"""Texts of which the content words are remembered: an answer asks for those of its question many times."""

_CHUNKS = "chunks.json"
_WORDS = "words.json"


def write_keyword_index(folder: Path, chunks: Sequence[Chunk], steps: Steps = ALL_STEPS) -> None:
    """Write an index of at least one chunk, as JSON and npy without pickle."""
    if not chunks:
        raise ValueError("an index needs a chunk")
    stemmer = Stemmer(steps)
    found = [list(stemmer.stems(chunk.sought_text)) for chunk in chunks]
    stems = [[stem for _, stem in of_chunk] for of_chunk in found]
    words = {word for of_chunk in found for word, _ in of_chunk if len(word) >= SHORTEST_MISSPELT}
    # The empty word is there so that there always is a word; nothing looks it up.
    vocabulary = {stem: number for number, stem in enumerate(sorted({"", *chain(*stems)}))}
    numbers = [[vocabulary[stem] for stem in of_chunk] or [vocabulary[""]] for of_chunk in stems]
    engine = _engine()(method="lucene")
    engine.index((numbers, vocabulary), create_empty_token=False, show_progress=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine.save(folder, allow_pickle=False, show_progress=False)
    places = [[chunk.id, chunk.kind, *chunk.source_ids] for chunk in chunks]
    (folder / _CHUNKS).write_text(json.dumps(places), "utf-8")
    (folder / _WORDS).write_text(json.dumps(sorted(words)), "utf-8")


SHORTEST_PART = 3
"""Letters of the shortest part that a compound is split into."""


class KeywordIndex:
    """A keyword index that is open for questions; it lives in memory and holds no files."""

    def __init__(
        self,
        engine: BM25,
        places: Sequence[Sequence[str]],
        words: Sequence[str],
        steps: Steps = ALL_STEPS,
    ) -> None:
        self._stemmer = Stemmer(steps)
        self._content = lru_cache(MOST_CONTENTS)(self._content_of)
        self._splits_compounds = steps.splits_compounds
        self._engine = engine
        self._numbers: dict[str, int] = engine.vocab_dict
        self._words = tuple(words)
        self._vocabulary = frozenset(words)
        self._corrections: dict[str, str | None] = {}
        self._ids = [id_ for id_, *_ in places]
        self._rows = {id_: row for row, id_ in enumerate(self._ids)}
        self._kinds = [kind for _, kind, *_ in places]
        self._sources = [frozenset(sources) for _, _, *sources in places]

    @classmethod
    def open(cls, folder: Path, steps: Steps = ALL_STEPS) -> KeywordIndex:
        """Open what ``write_keyword_index`` wrote; raises ``IndexDamaged`` when it isn't that."""
        try:
            places = json.loads((folder / _CHUNKS).read_text("utf-8"))
            words = json.loads((folder / _WORDS).read_text("utf-8"))
            engine = _engine().load(folder, allow_pickle=False, show_progress=False)
            return cls(engine, places, words, steps)
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise IndexDamaged(file=str(folder)) from error

    def search(self, text: str, limit: int, filters: Filters) -> Ranking:
        """Find chunks that share words with a text, by BM25 (above 0, without an upper bound)."""
        stems = dict.fromkeys(
            known for word, stem in self._stemmer.stems(text) for known in self._known(word, stem)
        )
        numbers = [self._numbers[stem] for stem in stems if stem in self._numbers]
        scores = self._engine.get_scores_from_ids(numbers)
        rows = np.flatnonzero(scores > 0)
        found = zip(rows.tolist(), scores[rows].tolist(), strict=True)
        ranked = sorted((-score, self._ids[row]) for row, score in found if self._admits(filters, row))
        return tuple(Hit(id_, -negative, "keywords") for negative, id_ in ranked[:limit])

    def content_words(self, text: str) -> tuple[str, ...]:
        """Take the stems of a text's content words, each once, in order."""
        return tuple(self._content(text))

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """List the content words that no chunk holds, in small letters but not stemmed."""
        return tuple(word for stem, word in self._content(text).items() if not self.knows(stem))

    def rarity(self, stem: str) -> float:
        """Say how much a word tells: its inverse document frequency, highest for an unknown one."""
        holders = len(self._holders(stem))
        return math.log(1 + (len(self._ids) - holders + 0.5) / (holders + 0.5))

    def knows(self, stem: str) -> bool:
        """Tell whether some chunk holds the stem."""
        return stem in self._numbers

    def holds(self, chunk_id: str, stem: str) -> bool:
        """Tell whether this chunk holds the stem."""
        return self._rows[chunk_id] in self._holders(stem)

    def _content_of(self, text: str) -> Mapping[str, str]:
        """Map the stem of each content word to how it was written.

        A hyphenated word counts as its parts; as one word only where that is how the index knows it.
        """
        content: dict[str, str] = {}
        for word in words_of(text):
            parts = list(self._stemmer.stem(word.split("-")))
            joined = list(self._stemmer.stem([word.replace("-", "")]))
            are_known = all(self.knows(stem) for _, stem in parts)
            chosen = joined if not are_known and any(self.knows(stem) for _, stem in joined) else parts
            for surface, stem in chosen:
                for known in self._known(surface, stem):
                    content.setdefault(known, surface)
        return content

    def _known(self, word: str, stem: str) -> tuple[str, ...]:
        """Return the stem of a word; of an unknown one those of its parts, or of what it is misspelt for."""
        if self.knows(stem):
            return (stem,)
        nearest = self._nearest(word, stem)
        return (nearest,) if self.knows(nearest) else self._parts(word) or (stem,)

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return the stems of the two known words that a compound joins; nothing if it isn't one.

        The longest last part counts: that is what a Dutch compound is a kind of.
        """
        cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1) if self._splits_compounds else ()
        for cut in cuts:
            first, last = word[:cut], word[cut:]
            whole = next((one for one in (first, first.removesuffix("s")) if one in self._vocabulary), None)
            if whole is not None and last in self._vocabulary:
                return tuple(stem for _, stem in self._stemmer.stem([whole, last]))
        return ()

    def _nearest(self, word: str, stem: str) -> str:
        """Return the stem of a word, or of the known word that it is most likely a misspelling of."""
        if self.knows(stem) or len(word) < SHORTEST_MISSPELT:
            return stem
        if word not in self._corrections and len(self._corrections) < MOST_CORRECTIONS:
            self._corrections[word] = self._correct(word)
        return self._corrections.get(word) or stem

    def _correct(self, word: str) -> str | None:
        from rapidfuzz import fuzz, process

        found = process.extractOne(word, self._words, scorer=fuzz.ratio, score_cutoff=LIKENESS)
        return next((stem for _, stem in self._stemmer.stem([found[0]])), None) if found else None

    def _holders(self, stem: str) -> Any:
        """Look up the rows of the chunks that hold the stem."""
        if stem not in self._numbers:
            return ()
        number = self._numbers[stem]
        start, end = self._engine.scores["indptr"][number : number + 2]
        return self._engine.scores["indices"][start:end]

    def _admits(self, filters: Filters, row: int) -> bool:
        is_kind = not filters.kinds or self._kinds[row] in filters.kinds
        return is_kind and (not filters.sources or not filters.sources.isdisjoint(self._sources[row]))


def preload() -> None:
    """Load BM25, which takes a while, before there is anything to open."""
    _engine()


def _engine() -> Any:
    """Load BM25; it logs at DEBUG by its own choice, which is not for our readers."""
    from bm25s import BM25

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return BM25

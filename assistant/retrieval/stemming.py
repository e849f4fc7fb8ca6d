"""Words to index and to look for: Dutch stems without stop words.

Texts and questions go through the same steps: small letters, no diacritics (creëren and
creeren are one word), stop words out, Snowball's Dutch stems. Of nav-model the index holds
"nav", "model" and "navmodel".
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from assistant.domain.folding import folded
from assistant.retrieval.stopwords import STOP_WORDS

_HYPHENS = re.compile(r"[\u2010\u2011\u00ad]")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Steps:
    """What words go through; an index is opened with the steps that it was written with."""

    stems: bool = True
    splits_compounds: bool = True


ALL_STEPS = Steps()
MOST_WORDS = 50_000
"""Words of which the stems are remembered."""


class Stemmer:
    """Snowball's Dutch stemmer; one at a time, because it keeps a cache."""

    def __init__(self, steps: Steps = ALL_STEPS) -> None:
        from Stemmer import Stemmer as Snowball

        self._stemmer = Snowball("dutch") if steps.stems else None
        self._lock = threading.Lock()
        self._of_word = lru_cache(MOST_WORDS)(self._stems_of)

    def stems(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield all words to index, as (word, stem); a hyphenated one in parts and joined."""
        return chain.from_iterable(map(self._of_word, words_of(text)))

    def stem(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield content words only, as (word, stem): no stop words, no single letters."""
        content = [word for word in words if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())]
        with self._lock:
            stems = self._stemmer.stemWords(content) if self._stemmer else content
        yield from zip(content, stems, strict=True)

    def _stems_of(self, word: str) -> tuple[tuple[str, str], ...]:
        parts = word.split("-")
        joins = len(parts) > 1 and not all(part.isdigit() for part in parts)
        return tuple(self.stem([*parts, "".join(parts)] if joins else parts))


def words_of(text: str) -> list[str]:
    """Find the words, in small letters without diacritics; hyphens inside a word stay, 1.500 becomes 1500."""
    return _WORD.findall(_THOUSANDS.sub("", folded(_HYPHENS.sub("-", text))))

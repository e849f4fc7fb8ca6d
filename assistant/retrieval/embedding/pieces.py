"""Cuts texts into the pieces of a vocabulary: the likeliest ones, as SentencePiece does.

The model is from Kudo, "Subword Regularization", 2018 (a unigram language model, cut by Viterbi's
algorithm). Written here, because the general tokenizer takes a second and 280 MB to load this
vocabulary, and cuts unknown characters otherwise than the package that the weights come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embedding.packed_e5 import Vocabulary

SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
"""What stands for a space in a piece; only at its start."""

UNKNOWN_COSTS = 10.0
"""How much less likely than the unlikeliest piece a character is that no piece has."""

WORDS_KEPT, LONGEST_KEPT = 20_000, 40
_SPACES = re.compile(" {2,}")


def build_slots(vocabulary: Vocabulary) -> NDArray[np.int32]:
    """Make the table by which a piece is found: its number plus one, at its hash or next to it.

    Shape (a power of two, at least twice the number of pieces,); 0 is an empty place.
    """
    offsets = vocabulary.offsets.tolist()
    size = 1 << (2 * len(offsets)).bit_length()
    slots = [0] * size
    for number, (start, end) in enumerate(pairwise(offsets), start=1):
        slot = crc32(vocabulary.written[start:end]) % size
        while slots[slot]:
            slot = (slot + 1) % size
        slots[slot] = number
    return np.array(slots, dtype=np.int32)


class Pieces:
    """Cuts texts; safe to use from several threads, quick to make and small: nothing is copied."""

    def __init__(self, vocabulary: Vocabulary, slots: NDArray[np.int32]) -> None:
        self._vocabulary = vocabulary
        self._slots, self._offsets = slots.data, vocabulary.offsets.data
        self._scores = vocabulary.scores.data
        self._longest = int(np.diff(vocabulary.offsets.astype(np.int64)).max())
        self._unknown_score = float(vocabulary.scores.min()) - UNKNOWN_COSTS
        self._cut_and_keep = lru_cache(WORDS_KEPT)(self._cut)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text, in order."""
        plain = _SPACES.sub(" ", text.translate(self._vocabulary.replaced))
        spaced = plain if plain.startswith(" ") else f" {plain}"
        words = spaced.replace(" ", SPACE).split(SPACE)[1:]
        return [number for word in words for number in self._pieces_of(SPACE + word)]

    def _pieces_of(self, word: str) -> tuple[int, ...]:
        return self._cut_and_keep(word) if len(word) <= LONGEST_KEPT else self._cut(word)

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the likeliest pieces of a word."""
        ends = [0, *accumulate(len(letter.encode()) for letter in word)]
        best = [0.0, *[float("-inf")] * len(word)]
        came: list[tuple[int, int]] = [(0, 0)] * len(best)
        for start, end, number, score in self._candidates(word.encode(), ends):
            if best[start] + score > best[end]:
                best[end], came[end] = best[start] + score, (start, number)
        return _walked_back(came)

    def _candidates(self, word: bytes, ends: list[int]) -> Iterator[tuple[int, int, int, float]]:
        """Yield start, end, number and score of each piece in a word, by start and by end."""
        for start, at in enumerate(ends[:-1]):
            for end in range(start + 1, len(ends)):
                if ends[end] - at > self._longest:
                    break
                number = self._find(word[at : ends[end]])
                if number is not None:
                    yield start, end, number, self._scores[number]
            yield start, start + 1, self._vocabulary.unknown, self._unknown_score

    def _find(self, piece: bytes) -> int | None:
        slots, offsets, written = self._slots, self._offsets, self._vocabulary.written
        slot = crc32(piece) % len(slots)
        while number := slots[slot]:
            if written[offsets[number - 1] : offsets[number]] == piece:
                return None if number - 1 == self._vocabulary.unknown else number - 1
            slot = (slot + 1) % len(slots)
        return None


def _walked_back(came: list[tuple[int, int]]) -> tuple[int, ...]:
    """Return the numbers of the pieces that lead to the end, in order."""
    numbers = []
    at = len(came) - 1
    while at:
        at, number = came[at]
        numbers.append(number)
    return tuple(reversed(numbers))

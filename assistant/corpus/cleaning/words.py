"""Mending words, and only with a reason: what was found is no word, and what it becomes is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.corpus.cleaning.tracked import Edit, Tracked
from assistant.corpus.cleaning.vocabulary import COMMON, KNOWN, SHORTEST_PART, Vocabulary

_FIRST = frozenset({"de", "een", "en", "die", "dan", "er", "dit", "ons", "hen", "bij"})
_LAST = frozenset({"in", "is", "van"})
_MIDDLE = frozenset({"in", "is", "van", "voor", "de"})
_RARE = 1.5
"""Zipf frequency up to which a word may be two words that the scan ran together."""
_FUNCTION_WORD = 6.0
_MISREAD = (
    ("é", "ë"),
    ("é", "è"),
    ("€", "ë"),
    ("(?<=o)o", "ö"),
    ("(?<=o)d", "ö"),
    ("(?<=[eu])i", "ï"),
    ("ui", "ü"),
)
_TREMA = {"e": "ë", "i": "ï", "o": "ö", "u": "ü"}
_INFLECTED = ("en", "s")
"""How plurals and verb forms end."""
_PLAIN = 3.5
"""Zipf frequency from which two words may be run together although no text has them apart."""
_GAIN = 1.0
"""How much more common (Zipf) the mended word must be than the one that was found."""
_CLASHES = frozenset(
    {"aa", "ae", "ai", "au", "ee", "ei", "eu", "ie", "ii", "oe", "oi", "oo", "ou", "ui", "uu", "ij"}
)
"""Vowels that would read as one sound: between these a compound keeps its hyphen."""


def mend_break(text: str, start: int, end: int, vocabulary: Vocabulary) -> Edit:
    """Undo a hyphen before the line break ``text[start:end]``, or keep it where it's part of the word."""
    left = _last_word(text, start - 1)
    right = _first_word(text, end)
    if right in {"en", "of", "tot"}:
        return Edit(start, end, " ", "lines")
    if not left or left.isupper() or right[:1].isupper() or _clashes(left, right):
        return Edit(start, end, "", "hyphen-kept")
    trema = _TREMA.get(right[0], right[0]) + right[1:]
    if vocabulary.frequency(left + trema) > vocabulary.frequency(left + right) + _GAIN:
        return Edit(start - 1, end + 1, trema[0], "hyphenation")
    if _makes_words(left + right, vocabulary):
        return Edit(start - 1, end, "", "hyphenation")
    return Edit(start, end, "", "hyphen-kept")


def drop_hyphens(text: Tracked, vocabulary: Vocabulary) -> Tracked:
    """Undo a hyphen that once stood at a line end: "ontwikkelings-samenwerking", not "auto-industrie"."""
    pattern = r"(?<![\w-])(?P<left>[a-zà-ÿ]{5,})(?P<out>-)(?P<right>[a-zà-ÿ]{4,})(?![\w-])"
    return text.replaced(pattern, lambda match: _without_hyphen(match, vocabulary), "hyphenation")


def mend_letters(text: Tracked, vocabulary: Vocabulary) -> Tracked:
    """Give letters back that were misread: "creéren", "codperatieve", "ledereen"."""
    text = text.edited(_letter_edits(text.text, vocabulary))
    return text.replaced(r"(?<=jaren [1-9])o(?!\w)", lambda _: "0", "letters")


def split_words(text: Tracked, vocabulary: Vocabulary) -> Tracked:
    """Put the space back between words that run together: "diein", "Eris", "In1988", "voor-en"."""
    text = text.edited(
        Edit(start, start, " ", "split-words")
        for word, offset in _words(text.text)
        for start in _cuts(word, offset, vocabulary)
    )
    years = r"(?<![\w-])(?P<word>[^\W\d_]{2,})(?P<out>)(?=(?:1\d|20)\d\d(?![\w-]))"
    text = text.replaced(years, lambda match: _spaced(match, vocabulary), "split-words")
    return text.replaced(r"(?<=[a-zà-ÿ]{4}-)(?=(?:en|of) [a-zà-ÿ])", lambda _: " ", "split-words")


def parts_of(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Give the words that ``word`` runs together, or ``word`` alone when nothing says it does."""
    if vocabulary.frequency(word) >= KNOWN and not _is_function_pair(word, vocabulary):
        return (word,)
    pairs = ((word[:cut], word[cut:]) for cut in range(1, len(word)))
    likely = [pair for pair in pairs if _are_apart(word, *pair, vocabulary)]
    if likely:
        return max(likely, key=lambda pair: min(map(vocabulary.frequency, pair)))
    return _three_parts(word, vocabulary) or (word,)


def _letter_edits(text: str, vocabulary: Vocabulary) -> Iterator[Edit]:
    for match in re.finditer(r"[^\W\d_]+(?:€[^\W\d_]*)?", text):
        word, offset = match.group(), match.start()
        if word.startswith("l") and _is_capital_i(word, vocabulary):
            yield Edit(offset, offset + 1, "I", "capital-i")
        else:
            yield from _mended_letters(word, offset, vocabulary)


def _is_capital_i(word: str, vocabulary: Vocabulary) -> bool:
    found = vocabulary.frequency(word)
    return found < KNOWN and vocabulary.frequency("I" + word[1:]) >= max(COMMON, found + _GAIN)


def _mended_letters(word: str, offset: int, vocabulary: Vocabulary) -> Iterator[Edit]:
    for found, meant in _MISREAD:
        mended = re.sub(found, meant, word, flags=re.IGNORECASE)
        if mended != word and _is_better(word, mended, vocabulary):
            for match in re.finditer(found, word, re.IGNORECASE):
                is_capital = word.isupper() or (match.start() == 0 and word[0].isupper())
                new = meant.upper() if is_capital else meant
                yield Edit(offset + match.start(), offset + match.end(), new, "letters")
            return


def _is_better(word: str, mended: str, vocabulary: Vocabulary) -> bool:
    found = vocabulary.frequency(word)
    if found >= KNOWN or (found == 0 and vocabulary.is_compound(word)):
        return False
    whole = vocabulary.frequency(mended)
    if whole:
        return whole >= found + _GAIN
    return vocabulary.is_compound(mended) or len(parts_of(mended, vocabulary)) > 1


def _cuts(word: str, offset: int, vocabulary: Vocabulary) -> Iterator[int]:
    position = offset
    for part in parts_of(word, vocabulary)[:-1]:
        position += len(part)
        yield position


def _are_apart(word: str, first: str, second: str, vocabulary: Vocabulary) -> bool:
    if min(vocabulary.frequency(first), vocabulary.frequency(second)) < COMMON:
        return False
    if _are_function_words(first, second, vocabulary):
        return vocabulary.frequency(word) < COMMON
    if vocabulary.frequency(word) >= _RARE:
        return False
    is_glued = first.casefold() in _FIRST or (second in _LAST and len(first) > 2)
    if is_glued or min(len(first), len(second)) < SHORTEST_PART:
        return is_glued
    return vocabulary.occurs_apart(first, second) or _is_no_compound(word, first, second, vocabulary)


def _is_no_compound(word: str, first: str, second: str, vocabulary: Vocabulary) -> bool:
    is_plain = min(vocabulary.frequency(first), vocabulary.frequency(second)) >= _PLAIN
    is_unknown = vocabulary.frequency(word) == 0 and is_plain
    return is_unknown and first.endswith(_INFLECTED) and not vocabulary.begins_compounds(first)


def _is_function_pair(word: str, vocabulary: Vocabulary) -> bool:
    return any(_are_function_words(word[:cut], word[cut:], vocabulary) for cut in range(2, len(word) - 1))


def _are_function_words(first: str, second: str, vocabulary: Vocabulary) -> bool:
    is_pair = first.casefold() in _FIRST and second in _LAST
    return is_pair and min(vocabulary.frequency(first), vocabulary.frequency(second)) >= _FUNCTION_WORD


def _three_parts(word: str, vocabulary: Vocabulary) -> tuple[str, str, str] | None:
    cuts = ((a, b) for a in range(4, len(word) - 3) for b in range(a + 2, len(word) - 1))
    for a, b in cuts:
        first, middle, last = word[:a], word[a:b], word[b:]
        frequent = min(vocabulary.frequency(first), vocabulary.frequency(last)) >= COMMON
        if frequent and middle in _MIDDLE and (last in _MIDDLE or len(last) > 5):
            return first, middle, last
    return None


def _makes_words(word: str, vocabulary: Vocabulary) -> bool:
    if vocabulary.knows(word) or vocabulary.frequency(word) > 0 or len(parts_of(word, vocabulary)) > 1:
        return True
    mended = (re.sub(found, meant, word) for found, meant in _MISREAD)
    return any(vocabulary.knows(candidate) for candidate in mended if candidate != word)


def _without_hyphen(match: re.Match[str], vocabulary: Vocabulary) -> str | None:
    is_one = vocabulary.frequency(match["left"] + match["right"]) >= KNOWN
    return "" if is_one and vocabulary.frequency(match["left"]) < COMMON else None


def _clashes(left: str, right: str) -> bool:
    return left[-1:].casefold() + right[:1] in _CLASHES and len(left) > 3 and len(right) > 4


def _spaced(match: re.Match[str], vocabulary: Vocabulary) -> str | None:
    return " " if vocabulary.frequency(match["word"]) >= COMMON else None


def _words(text: str) -> Iterator[tuple[str, int]]:
    for match in re.finditer(r"(?<![\w@./])[^\W\d_]{4,}(?![\w@/-]|\.\w)", text):
        yield match.group(), match.start()


def _last_word(text: str, end: int) -> str:
    match = re.search(r"[^\W\d_]*$", text[max(0, end - 60) : end])
    return match.group() if match else ""


def _first_word(text: str, start: int) -> str:
    match = re.match(r"[^\W\d_]*", text[start : start + 60])
    return match.group() if match else ""

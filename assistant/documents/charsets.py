"""Bytes into characters: by a mark, a declaration or strict UTF-8 where that settles it, else by a guess."""

from __future__ import annotations

import codecs
from collections import Counter

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4096
_GUESSED_FROM = 65536
"""Bytes on which a guess rests."""
_WESTERN = ("cp1252", "iso-8859-15", "mac_roman", "cp858")
"""What texts in Dutch are likely to be in, the likeliest first."""
_LATIN_SHARE = 0.15
"""From this share of bytes beyond ASCII on, it is no language in Latin letters."""
_LIKELY = frozenset("éëïöüèêáóíúàâîôûçñäåøæœßÉËÏÖÜÈÁÓÇÄÅ")
_LIKELY_WITHIN = frozenset("’–")
_LIKELY_BESIDE = frozenset("’‘“”–—…€•·«»©®°²³½¼§\xa0")


def decode(content: bytes, declared: str | None = None) -> str:
    """Return the text of a file; ``declared`` is the encoding that the file names, and may be wrong."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    wide = guess_wide(content)
    if wide:
        return content.decode(wide, errors="replace")
    for claimed in ("utf-8", declared):
        text = _strictly(content, claimed)
        if text is not None:
            return text
    encoding = "utf-8" if _is_damaged_utf8(content) else _guess(content)
    return content.decode(encoding, errors="replace")


def guess_wide(content: bytes) -> str | None:
    """Return which UTF-16 or UTF-32 it is, by a mark or by its null bytes; ``None`` if neither."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return None if encoding == "utf-8" else encoding
    sample = content[:_SAMPLE]
    sample = sample[: len(sample) // 4 * 4]
    share = [sample[place::4].count(0) / max(1, len(sample) // 4) for place in range(4)]
    shapes = {
        "utf-32-le": (share[1], share[2], share[3], 1 - share[0]),
        "utf-32-be": (share[0], share[1], share[2], 1 - share[3]),
        "utf-16-le": (share[1], share[3], 1 - share[0], 1 - share[2]),
        "utf-16-be": (share[0], share[2], 1 - share[1], 1 - share[3]),
    }
    return next((encoding for encoding, shares in shapes.items() if min(shares) > 0.7), None)


def as_text(start: bytes) -> str:
    """Return the beginning of a file as text that is good enough to see what kind it is."""
    wide = guess_wide(start)
    for mark, _ in _MARKS:
        start = start.removeprefix(mark)
    return start.decode(wide or "utf-8", errors="replace")


def _strictly(content: bytes, encoding: str | None) -> str | None:
    try:
        return content.decode(codecs.lookup(encoding or "").name)
    except (LookupError, ValueError):
        return None


def _is_damaged_utf8(content: bytes) -> bool:
    """Tell whether nearly all that is beyond ASCII is sound UTF-8: then the rest is damage."""
    text = content[:_GUESSED_FROM].decode("utf-8", errors="replace")
    beyond = sum(character > "\x7f" for character in text)
    return text.count("\ufffd") * 10 < beyond


def _guess(content: bytes) -> str:
    """Return the likeliest encoding of bytes that aren't UTF-8."""
    sample = content[:_GUESSED_FROM]
    if sum(byte > 0x7F for byte in sample) < _LATIN_SHARE * len(sample):
        best = max(_WESTERN, key=lambda encoding: _likelihood(sample, encoding))
        if _likelihood(sample, best) > 0:
            return best
    return _detected(sample)


def _likelihood(sample: bytes, encoding: str) -> int:
    """Return how Western a text looks: accented letters within words, quotes and dashes beside them."""
    text = f" {sample.decode(encoding, errors='replace')} "
    beyond = Counter(
        _is_likely(text[place - 1], text[place], text[place + 1])
        for place in range(1, len(text) - 1)
        if text[place] > "\x7f"
    )
    return beyond[True] - 3 * beyond[False]


def _is_likely(before: str, character: str, after: str) -> bool:
    if character in _LIKELY:
        return before.isalpha() or after.isalpha()
    is_within = before.islower() and after.islower()
    return character in (_LIKELY_WITHIN if is_within else _LIKELY_BESIDE)


def _detected(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"

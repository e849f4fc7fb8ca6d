"""How easily a Dutch text reads: the reading ease of Flesch, with the weights of Douma for Dutch.

W.H. Douma, *De leesbaarheid van landbouwbladen* (1960): 206.84, less 0.93 for each word in an average
sentence, less 77 for each syllable in an average word. He calls 60 to 70 normal, and less than 45 difficult.
"""

from __future__ import annotations

import re
import unicodedata

from evals.judging.nuggets import sentences

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWEL = re.compile(
    r"aai|ooi|oei|(?:ee|ie)u(?=w)|eau"
    r"|aa|ee|oo|uu|ie|ïe|oe|eu|ui|ei|ij|au|ou|ai|oi"
    r"|(?<![aeiou])y|[aeiouáàâäéèêëíìîïóòôöúùûü]"
)
"""What Dutch spelling writes for one vowel sound, longest first; a ``y`` after a vowel is a consonant."""


def reading_ease(text: str) -> float:
    """Return the Flesch-Douma reading ease of an answer in Markdown; higher is easier.

    A bullet or heading counts as a sentence; marks and figures don't count. Raises ``ValueError`` for a
    text without words.
    """
    counted = [words for sentence in sentences(text) if (words := _WORD.findall(sentence))]
    if not counted:
        raise ValueError("a text without words has no reading ease")
    words = [word for sentence in counted for word in sentence]
    per_word = sum(map(syllables, words)) / len(words)
    return 206.84 - 0.93 * len(words) / len(counted) - 77 * per_word


def syllables(word: str) -> int:
    """Count the syllables of a Dutch word by its vowels.

    Of 60 words from the cards, counted by hand, this gets 60 right. Counting pyphen's hyphenation points
    gets 54: it is one short where a word, or a part of a compound, begins with a syllable of one letter
    (``o-ver``), for no line is broken there. English spelling (``team``) and Latin ``eu`` (``museum``) can
    be one off.
    """
    return max(1, len(_VOWEL.findall(unicodedata.normalize("NFC", word).casefold())))

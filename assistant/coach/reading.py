"""What an answer in plain words means: a score, how sure that is, and what was said beside it.

No model is used. The cues are data: ``prompts/interview_cues.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from assistant.coach.cues import SHORTEST_MISTYPED, Command, Cues, Graded, PositionCues

LONGEST_ANSWER = 12
"""Words in which an answer can be put, what is said beside it left out."""

FARTHEST_SPLIT = 200
"""Characters within which an answer ends and a remark begins."""

LONGEST_QUESTION = 30
"""Words in which the coach is asked something; a longer message is a story."""


STEM = 5
"""Letters by which a word of a pole is recognised."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: one score, or two when the words point both ways."""

    scores: tuple[int | None, ...]
    """``None`` if it doesn't apply."""
    is_sure: bool
    remark: str = ""


_Grade = Callable[[str], Reading | None]


class Reader:
    """Reads answers by the cues, and by the labels of one scale."""

    def __init__(self, cues: Cues, scale: Iterable[str], not_applicable: str) -> None:
        self._cues = cues
        self._vocabulary = frozenset(cues.vocabulary())
        self._numbers = {**cues.numbers, **cues.beyond_words}
        self._labels: dict[str, int | None] = {self.plain(label): n for n, label in enumerate(scale, start=1)}
        self._labels[self.plain(not_applicable)] = None

    def read(self, message: str, statement: str = "") -> Reading | None:
        """Read an answer to a statement: 1 to 5, or ``None`` where no answer is recognised."""
        found = self._read(message, self._grade)
        if found is None or not self._cues.negated.search(self.plain(statement)):
            return found
        return _doubted(found) if self._is_double(message, found) else found

    def read_position(self, message: str, labels: tuple[str, ...], poles: tuple[str, str]) -> Reading | None:
        """Read where a tension stands: -2 to 2, by the poles' own words too."""
        sides = self._sides(*poles)
        known: dict[str, int | None] = {one: score for one, score in self._labels.items() if score is None}
        known |= {self.plain(label): n for n, label in enumerate(labels, start=-2)}

        def grade(clause: str) -> Reading | None:
            if clause in known:
                return Reading((known[clause],), is_sure=True)
            return self._position(clause, sides)

        readings = list(self._readings(message.strip(), grade))
        return next((one for one in readings if one.is_sure), readings[0] if readings else None)

    def command(self, message: str) -> Command | None:
        """Return what is asked of the coach, if the message is nothing else."""
        polite = self.clause(message)
        if len(polite.split()) > LONGEST_QUESTION:
            return None
        curt = " ".join(self._cues.courtesies.sub(" ", polite).split())
        for command, pattern in self._cues.commands.items():
            if pattern.fullmatch(polite) or pattern.fullmatch(curt):
                return command
        return None

    def is_beyond(self, message: str) -> bool:
        """Whether the answer is a number that isn't on the scale."""
        return any(
            self._cues.beyond.fullmatch(self._bare(self.clause(head))) for head, _ in self.split(message)
        )

    def split(self, message: str) -> Iterator[tuple[str, str]]:
        """Yield each way to part an answer from what is said beside it, the longest answer first."""
        if len(message) <= FARTHEST_SPLIT:
            yield message, ""
        for between in reversed(list(self._cues.separators.finditer(message, 0, FARTHEST_SPLIT))):
            head = message[: between.start()]
            if 0 < len(head.split()) <= LONGEST_ANSWER:
                yield head, self._cues.joints.sub("", message[between.end() :]).rstrip()

    def plain(self, text: str) -> str:
        """Return the words in small letters, without accents, marks and ways of typing."""
        lowered = unicodedata.normalize("NFKC", text.replace("½", ",5")).lower()
        decomposed = unicodedata.normalize("NFKD", re.sub(r"\béén\b", "1", lowered))
        bare = "".join(char for char in decomposed if not unicodedata.combining(char) and char != "\ufe0f")
        bare = bare.replace("’", "'").replace("‘", "'")
        return " ".join(" ".join(self._word(word) for word in bare.split()).split())

    def clause(self, text: str) -> str:
        """Return the words as ``plain`` does, those of an answer or a command with a letter amiss mended."""
        words = self.plain(text).split()
        return " ".join(words if len(words) > LONGEST_QUESTION else map(self._mended, words))

    def _read(self, message: str, grade: _Grade) -> Reading | None:
        return next(self._readings(message.strip(), grade), None)

    def _readings(self, message: str, grade: _Grade) -> Iterator[Reading]:
        for head, rest, found in self._parts(message, grade):
            is_asked = "?" in head or message[len(head) :].lstrip().startswith("?")
            second = next(self._parts(rest, grade), None)
            yield _beside(_doubted(found) if is_asked else found, rest, second)

    def _parts(self, message: str, grade: _Grade) -> Iterator[tuple[str, str, Reading]]:
        for head, rest in self.split(message):
            clause = self.clause(head)
            if found := grade(clause) or grade(self._bare(clause)):
                yield head, rest, found

    def _grade(self, clause: str) -> Reading | None:
        if clause in self._labels:
            return Reading((self._labels[clause],), is_sure=True)
        return self._number(clause) or self._unjudged(clause) or _graded(self._cues.statement, clause)

    def _number(self, clause: str) -> Reading | None:
        cues = self._cues
        if exact := cues.exact_number.fullmatch(clause):
            return Reading((_first(exact),), is_sure=True)
        if rough := cues.rough_number.fullmatch(clause):
            return Reading((_first(rough),), is_sure=False)
        if half := cues.half_number.fullmatch(clause):
            return Reading((_first(half), _first(half) + 1), is_sure=False)
        if two := cues.two_numbers.fullmatch(clause):
            first, second = int(two[1]), int(two[2])
            return Reading((first,) if first == second else (first, second), is_sure=False)
        return None

    def _unjudged(self, clause: str) -> Reading | None:
        if self._cues.not_applicable.sure.fullmatch(clause):
            return Reading((None,), is_sure=True)
        return Reading((None,), is_sure=False) if self._cues.not_applicable.unsure.fullmatch(clause) else None

    def _position(self, clause: str, sides: tuple[frozenset[str], frozenset[str]]) -> Reading | None:
        if signed := self._cues.sign.fullmatch(clause):
            return Reading((int(signed[2]) * (-1 if signed[1] == "-" else 1),), is_sure=True)
        if number := self._number(clause):
            return Reading(tuple(n - 3 for n in number.scores if n is not None), number.is_sure)
        return (
            self._unjudged(clause)
            or _graded(self._cues.position, clause)
            or self._leaning(clause.split(), sides)
        )

    def _leaning(self, words: list[str], sides: tuple[frozenset[str], frozenset[str]]) -> Reading | None:
        cues = self._cues.position
        than = next((at for at, word in enumerate(words) if at and cues.than.fullmatch(word)), len(words))
        named = [_side(word, sides, cues) for word in words[:than]]
        leaning = {side for side in named if side}
        if len(leaning) != 1 or any(cues.negation.fullmatch(word) for word in words):
            return None
        rest = [word for word, named_side in zip(words, named, strict=False) if not named_side]
        idle = [word for word in rest if not _is_measure(word, cues) and word not in cues.idle]
        if len(idle) > cues.most_idle:
            return None
        (side,), strengths = leaning, _strengths(rest, cues)
        is_sure = not idle and len(strengths) == 1
        return Reading(tuple(side * one for one in strengths), is_sure)

    def _sides(self, left: str, right: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the beginnings of the words that only one of the poles has."""
        first, second = (
            frozenset(word[:STEM] for word in self.plain(pole).split() if len(word) > 3)
            for pole in (left, right)
        )
        return first - second, second - first

    def _is_double(self, message: str, found: Reading) -> bool:
        if not found.is_sure or found.scores[0] in (None, 3):
            return False
        heads = (self.clause(head) for head, _ in self.split(message))
        return not any(head in self._labels or self._cues.explicit.fullmatch(head) for head in heads)

    def _word(self, word: str) -> str:
        """Return one word as it's usually written; marks around it go."""
        shortened = re.sub(r"([a-z])\1{2,}", r"\1\1", word)
        bare = shortened.strip(",;:!?\"“”„'().…*_–—~")
        for form in (shortened, bare):
            if form in self._cues.spoken:
                return self._cues.spoken[form]
        spaced = re.sub(r"(?<=[a-z])[-/,.](?=[a-z])", " ", bare)
        return str(self._numbers.get(spaced, spaced))

    def _mended(self, word: str) -> str:
        if len(word) < SHORTEST_MISTYPED or word in self._vocabulary or not word.isalpha():
            return word
        near = [known for known in self._vocabulary if is_one_off(word, known)]
        return near[0] if len(near) == 1 else word

    def _bare(self, clause: str) -> str:
        return " ".join(re.sub(rf"\b(?:{self._cues.fillers.pattern})\b", " ", clause).split())


def is_one_off(word: str, other: str) -> bool:
    """Whether two words differ by one letter at most: another, missing, added, or two swapped."""
    if abs(len(word) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    if start is None:
        return True
    one, two = word[start:], other[start:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    return max(len(one), len(two)) <= 1 or (len(one) == 2 and one == two[::-1])


def _beside(found: Reading, rest: str, second: tuple[str, str, Reading] | None) -> Reading:
    """Take what else was said as a remark, unless it's a second answer."""
    if second is None:
        return Reading(found.scores, found.is_sure, rest)
    _, beyond, other = second
    if other.scores == found.scores:
        return Reading(found.scores, found.is_sure or other.is_sure, beyond)
    return Reading((found.scores[0], other.scores[0]), is_sure=False, remark=beyond)


def _doubted(found: Reading) -> Reading:
    return Reading(found.scores, is_sure=False, remark=found.remark)


def _first(match: re.Match[str]) -> int:
    return int(next(group for group in match.groups() if group))


def _graded(graded: Graded, clause: str) -> Reading | None:
    for is_sure, patterns in ((True, graded.sure), (False, graded.unsure)):
        for score, pattern in patterns.items():
            if pattern.fullmatch(clause):
                return Reading((score,), is_sure)
    return None


def _side(word: str, sides: tuple[frozenset[str], frozenset[str]], cues: PositionCues) -> int:
    """Return -1 for a word of the left pole, 1 for one of the right, 0 for any other."""
    if cues.left.fullmatch(word) or word[:STEM] in sides[0]:
        return -1
    return 1 if cues.right.fullmatch(word) or word[:STEM] in sides[1] else 0


def _is_measure(word: str, cues: PositionCues) -> bool:
    return any(one.fullmatch(word) for one in (cues.strong, cues.slight, cues.middle))


def _strengths(words: list[str], cues: PositionCues) -> tuple[int, ...]:
    """Return how far it leans: 2, 1, or either where that isn't said."""
    if any(cues.middle.fullmatch(word) for word in words):
        return (1,)
    if any(cues.strong.fullmatch(word) for word in words):
        return (2,)
    return (1,) if any(cues.slight.fullmatch(word) for word in words) else (2, 1)

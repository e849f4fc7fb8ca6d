"""The lines of a PDF as paragraphs and headings, without what stands on every page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from assistant.documents.blocks import TURN, Block, build_block
from assistant.documents.characters import one_line
from assistant.documents.hyphens import Joiner
from assistant.documents.pdf_pages import Line, OutlineItem

_EDGE = 2
"""Lines from the top and from the bottom in which running heads and page numbers stand."""
_LEAST_REPEATED = 3
_REPEATED = 0.3
"""The share of pages on which a running head stands; left and right pages may have their own."""
_LONGEST_HEADING = 120
_LARGER = 1.12
"""How much larger than the text a heading is."""
_FEW_BOLD = 0.3
"""From this share on, bold says nothing."""
_FULL = 0.82
"""A line that ends before this share of the width ended on purpose."""
_WIDER = 1.35
"""How much farther apart than other lines those of two paragraphs are."""
_NUMBER = re.compile(
    r"\W*(?:(?:pagina|page|pag\.|blz\.|p\.)\s*)?(?P<number>\d{1,4})(?:\s*(?:van|of|/)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[-*•–▪◦●■]|\(?\d{1,3}[.)]|[a-z][.)])\s*\S")
_SENTENCE_END = re.compile(r"[.!?:;…][\"”’'»)\]]*$")
_TAIL = 60
"""Characters at the end of a line that say how it ends."""
_LEADERS = re.compile(r"(?:\s?[.…·]){6,}\s*[\divxlc]{0,6}\W*$")
"""How a line of a table of contents ends."""
_LEAST_FROM_OUTLINE = 3


@dataclass(frozen=True, slots=True)
class _Placed:
    line: Line
    page: int
    level: int = 0


def lay_out(pages: Sequence[Sequence[Line]], outline: Iterable[OutlineItem]) -> list[Block]:
    """Return the headings and paragraphs of all pages, with the places where pages begin."""
    bodies = _without_furniture(pages)
    headings = _headings(bodies, list(outline))
    placed = [
        _Placed(line, page, headings.get((page, number), 0))
        for page, body in enumerate(bodies)
        for number, line in enumerate(body)
    ]
    joiner = Joiner("\n".join(one.line.text for one in placed))
    return _blocks(placed, joiner, len(pages))


def _blocks(placed: Sequence[_Placed], joiner: Joiner, pages: int) -> list[Block]:
    blocks: list[Block] = []
    page = 0
    for group in _groups(placed):
        lines = []
        for one in group:
            lines.append(TURN * (one.page - page) + one.line.text)
            page = one.page
        blocks.append(build_block(joiner.join(lines), group[0].level))
    return [*blocks, build_block(TURN * (pages - 1 - page))]


def _groups(placed: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    """Yield the lines of each paragraph or heading."""
    width, pitch = _measures(placed)
    group: list[_Placed] = []
    for one in placed:
        if group and _begins(group, one, width, pitch):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _measures(placed: Sequence[_Placed]) -> tuple[float, float]:
    """Return how wide full lines are, and how far lines are apart, as a share of their size."""
    widths = sorted(one.line.right - one.line.left for one in placed)
    pitches = [
        (before.line.baseline - one.line.baseline) / max(1, one.line.size)
        for before, one in pairwise(placed)
        if before.page == one.page and 0 < before.line.baseline - one.line.baseline < 3 * one.line.size
    ]
    return (widths[len(widths) * 9 // 10] if widths else 0), (median(pitches) if pitches else 1.2)


def _begins(group: Sequence[_Placed], one: _Placed, width: float, pitch: float) -> bool:
    """Tell whether a line begins a paragraph or a heading."""
    before = group[-1]
    if before.level != one.level or before.level:
        return not (before.level == one.level and _is_same_heading(before, one))
    if _ITEM.match(one.line.text) or abs(before.line.size - one.line.size) > 1:
        return True
    is_ended = bool(_SENTENCE_END.search(before.line.text[-_TAIL:]))
    fall = before.line.baseline - one.line.baseline
    if before.page != one.page or fall < 0:
        return is_ended or not one.line.text[0].islower()
    if fall < 0.3 * one.line.size:
        return False
    if fall > _WIDER * pitch * max(1, one.line.size):
        return True
    is_short = before.line.right - before.line.left < _FULL * width
    is_indented = one.line.left - before.line.left > one.line.size * 0.8
    return is_ended and (is_short or is_indented)


def _is_same_heading(before: _Placed, one: _Placed) -> bool:
    fall = before.line.baseline - one.line.baseline
    is_like = before.line.size == one.line.size and before.line.is_bold == one.line.is_bold
    return (
        before.page == one.page
        and is_like
        and 0 <= fall < 1.8 * one.line.size
        and not _ITEM.match(one.line.text)
    )


def _headings(bodies: Sequence[Sequence[Line]], outline: Sequence[OutlineItem]) -> dict[tuple[int, int], int]:
    """Return the levels of the lines that are headings: as the table of contents says, else by their size."""
    found = _from_outline(bodies, outline)
    is_all = len(found) >= max(_LEAST_FROM_OUTLINE, len(outline) / 2)
    return found if is_all else _by_size(bodies) | found


def _from_outline(
    bodies: Sequence[Sequence[Line]], outline: Sequence[OutlineItem]
) -> dict[tuple[int, int], int]:
    titles: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for item in outline:
        titles[item.page][_key(item.title)] = item.level
    found: dict[tuple[int, int], int] = {}
    for page, body in enumerate(bodies):
        for number in range(len(body) if titles[page] else 0):
            found |= _lines_of_title(page, number, body, titles[page])
    return found


def _lines_of_title(
    page: int, number: int, body: Sequence[Line], titles: dict[str, int]
) -> dict[tuple[int, int], int]:
    """Return the one, two or three lines from a line on that together are a title."""
    key = ""
    for count, line in enumerate(body[number : number + 3], start=1):
        key += _key(line.text)
        if key and key in titles:
            level = titles.pop(key)
            return {(page, number + more): level for more in range(count)}
    return {}


def _by_size(bodies: Sequence[Sequence[Line]]) -> dict[tuple[int, int], int]:
    sizes: Counter[float] = Counter()
    bold = 0
    for body in bodies:
        for line in body:
            sizes[line.size] += len(line.text)
            bold += len(line.text) * line.is_bold
    if not sizes:
        return {}
    usual = sizes.most_common(1)[0][0]
    larger = sorted((size for size in sizes if size >= usual * _LARGER), reverse=True)
    levels = {size: min(rank, 5) for rank, size in enumerate(larger, start=1)}
    bold_level = min(len(larger) + 1, 6) if bold < _FEW_BOLD * sizes.total() else 0
    return {
        (page, number): level
        for page, body in enumerate(bodies)
        for number, line in enumerate(body)
        if (level := levels.get(line.size) or (bold_level if line.is_bold and line.size >= usual else 0))
        and _may_be_heading(line)
    }


def _may_be_heading(line: Line) -> bool:
    text = line.text.strip()
    letters = sum(character.isalpha() for character in text)
    return 2 < len(text) <= _LONGEST_HEADING and letters * 2 > len(text) and text[-1] not in ".,;"


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Leave out tables of contents, and the running heads and page numbers of which that is sure."""
    edges = [_edges(lines) for lines in pages]
    repeated = _repeated(edges)
    numbers = _numbers(edges)
    return [
        [
            line
            for place, line in enumerate(lines)
            if not _LEADERS.search(line.text[-_TAIL:])
            and not (place in edge and (_shape(line) in repeated or (page, place) in numbers))
        ]
        for page, (lines, edge) in enumerate(zip(pages, edges, strict=True))
    ]


def _edges(lines: Sequence[Line]) -> dict[int, Line]:
    """Return the lines that stand highest and lowest, by their number; never all of them."""
    order = sorted(range(len(lines)), key=lambda place: -lines[place].baseline)
    count = min(_EDGE, len(order) // 2)
    return {place: lines[place] for place in (*order[:count], *order[len(order) - count :])}


def _repeated(edges: Sequence[dict[int, Line]]) -> frozenset[str]:
    counted = Counter(
        shape
        for edge in edges
        for shape in {_shape(line) for line in edge.values()}
        if any(map(str.isalpha, shape))
    )
    least = max(_LEAST_REPEATED, _REPEATED * sum(bool(edge) for edge in edges))
    return frozenset(shape for shape, count in counted.items() if count >= least)


def _numbers(edges: Sequence[dict[int, Line]]) -> frozenset[tuple[int, int]]:
    """Return the lines that are page numbers: those that count up with the pages."""
    by_offset: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for page, edge in enumerate(edges):
        for place, line in edge.items():
            found = _NUMBER.fullmatch(line.text)
            if found:
                by_offset[int(found["number"]) - page].add((page, place))
    least = max(2, min(_LEAST_REPEATED, len(edges)))
    sure = (places for places in by_offset.values() if len({page for page, _ in places}) >= least)
    return frozenset(place for places in sure for place in places)


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", _key(line.text))


def _key(text: str) -> str:
    return "".join(one_line(text).casefold().split())

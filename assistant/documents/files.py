"""One file, read: what its format holds becomes one text with its sections, pages and notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from assistant.documents.blocks import Block, assemble, shortened
from assistant.documents.characters import one_line
from assistant.documents.charsets import decode
from assistant.documents.faults import Fault, Unreadable
from assistant.documents.languages import language_of
from assistant.documents.limits import Limits
from assistant.documents.messages import Order, Step
from assistant.domain import DocumentFormat, Notice, ReadText

_KNOWN = frozenset({"nl", "en"})
_LONGEST_TITLE = 200
_EVERY = 10
"""Pages between two reports of progress."""


def read_file(order: Order, tell: Callable[[Step], None]) -> ReadText:
    """Read a file; raise ``Unreadable`` where that can't be done."""
    path = Path(order.path)
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(Fault.EMPTY)
    if size > order.limits.size:
        raise Unreadable(Fault.TOO_LARGE)
    match order.format:
        case DocumentFormat.PDF:
            return _read_pdf(path, order, tell)
        case DocumentFormat.DOCX:
            return _read_word(path, order.limits)
        case _:
            return _read_text(path, order)


def _read_pdf(path: Path, order: Order, tell: Callable[[Step], None]) -> ReadText:
    from assistant.documents.pdf_layout import lay_out
    from assistant.documents.pdf_pages import Page, Pdf
    from assistant.documents.scans import recognise_scans

    pdf = Pdf(path, order.limits)
    pages: list[Page] = []
    for number in range(len(pdf)):
        if number % _EVERY == 0:
            tell(Step(number, len(pdf), is_recognising=False))
        pages.append(pdf.page(number))
    found = recognise_scans(
        pdf,
        tuple(pages),
        order.program,
        order.limits,
        lambda number: tell(Step(number, len(pdf), is_recognising=True)),
    )
    if len(found.unread) == len(pdf) or (found.unread and not any(found.pages)):
        raise Unreadable(Fault.UNRECOGNISED)
    tell(Step(len(pdf), len(pdf), is_recognising=False))
    blocks = lay_out(found.pages, pdf.outline())
    title = _title(pdf.title) or _first_heading(blocks)
    return _finished(blocks, title, order.limits, True, (found.recognised, found.unread))


def _read_word(path: Path, limits: Limits) -> ReadText:
    from assistant.documents.word_files import read_word

    word = read_word(path, limits)
    return _finished(word.blocks, _title(word.title) or _first_heading(word.blocks), limits, word.has_pages)


def _read_text(path: Path, order: Order) -> ReadText:
    content = path.read_bytes()
    if order.format is DocumentFormat.HTML:
        from assistant.documents.web_pages import declared_charset, read_page

        title, blocks = read_page(decode(content, declared_charset(content)))
        return _of_blocks(blocks, title, order.limits, is_cut=False)
    text = decode(content)
    kept = text[: order.limits.characters]
    is_cut = len(text) > len(kept)
    if order.format is DocumentFormat.MARKDOWN:
        from assistant.documents.markdown_files import read_markdown

        title, blocks = read_markdown(kept)
        return _of_blocks(blocks, title, order.limits, is_cut)
    from assistant.documents.plain_text import text_blocks

    return _of_blocks(text_blocks(kept), None, order.limits, is_cut)


def _of_blocks(found: Iterable[Block], title: str | None, limits: Limits, is_cut: bool) -> ReadText:
    """Make what is told of a format without scans; ``is_cut`` tells whether not all of it was looked at."""
    blocks = tuple(found)
    turns = sum(len(block.turns) for block in blocks)
    if turns + 1 > limits.pages:
        raise Unreadable(Fault.TOO_MANY_PAGES)
    read = _finished(blocks, _title(title) or _first_heading(blocks), limits, turns > 0)
    has_to_say = is_cut and Notice.CUT not in read.notices
    return replace(read, notices=(*read.notices, Notice.CUT)) if has_to_say else read


def _finished(
    blocks: Iterable[Block],
    title: str | None,
    limits: Limits,
    has_pages: bool,
    scans: tuple[tuple[int, ...], tuple[int, ...]] = ((), ()),
) -> ReadText:
    """Make what is told of a file; ``scans`` are the pages that were recognised, and that couldn't be."""
    recognised, unread = scans
    made = assemble(blocks, title, limits.characters, has_pages)
    if not any(character.isalnum() for character in made.text):
        raise Unreadable(Fault.UNRECOGNISED if unread else Fault.NO_TEXT)
    language = language_of(made.text)
    notices = {
        Notice.RECOGNISED: bool(recognised),
        Notice.PAGES_UNREAD: bool(unread),
        Notice.OTHER_LANGUAGE: language is not None and language not in _KNOWN,
        Notice.CUT: made.is_cut,
    }
    return ReadText(
        text=made.text,
        sections=made.sections,
        pages=made.pages,
        title=title,
        language=language,
        recognised=recognised,
        unread=unread,
        notices=tuple(notice for notice, holds in notices.items() if holds),
    )


def _first_heading(blocks: Iterable[Block]) -> str | None:
    """Return the heading with which a text begins, if it does."""
    first = next((block for block in blocks if block.text), None)
    return shortened(first.text, _LONGEST_TITLE) if first is not None and first.level else None


def _title(said: str | None) -> str | None:
    """Return what a file calls itself, unless a program made that up."""
    title = shortened(one_line(said or ""), _LONGEST_TITLE)
    is_made_up = title.casefold().startswith(("microsoft word", "untitled", "document", "powerpoint")) or (
        title.casefold().endswith((".doc", ".docx", ".pdf", ".indd", ".txt", ".html", ".md"))
    )
    return title if len(title) > 2 and not is_made_up else None

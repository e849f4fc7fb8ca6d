"""Sources as a Dutch list of literature names them: the APA style, with what the bibliography knows.

A bibliography without pages, volumes or addresses makes a reference without them: none is made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup, escape

from assistant.domain import Catalogue, Citation, Evidence, Source
from assistant.domain.folding import folded
from assistant.publishing.inert import visible
from assistant.publishing.reading import read_answer, write_plain
from assistant.publishing.wording import Texts

_UNDATED = "z.d."
"""What the style writes for a year that isn't known."""
_CLOSING = ".!?…"
_PUNCTUATION = ".,;:()&"


def reference(source: Source) -> str:
    """Return a source as plain text: "Boonstra, J. (2023). Titel. Tijdschrift."."""
    return "".join(reference_parts(source))


def reference_html(source: Source) -> Markup:
    """Return a source as HTML, its title in ``<cite>``."""
    before, title, after = reference_parts(source)
    return Markup("{}<cite>{}</cite>{}").format(escape(before), escape(title), escape(after))


def reference_parts(source: Source) -> tuple[str, str, str]:
    """Return what stands before the title, the title, and what follows; a title opens where no one signs."""
    title = _line(source.title)
    date = f"({source.year or _UNDATED})."
    container = _closed(_line(source.container))
    if not source.authors:
        return "", title, f"{_stop(title)} {date} {container}".rstrip()
    return f"{_authors(source)} {date} ", title, f"{_stop(title)} {container}".rstrip()


def literature(citations: Iterable[Citation], catalogue: Catalogue) -> tuple[Source, ...]:
    """Return the literature that is cited, each source once, by alphabet; without what the catalogue lacks.

    A document that somebody added is no literature: see ``own_cited``.
    """
    cited = {citation.evidence.source_id for citation in citations if citation.evidence.own is None}
    found = (catalogue.sources[one] for one in cited if one in catalogue.sources)
    return tuple(sorted(found, key=lambda source: folded(reference(source))))


def own_cited(citations: Iterable[Citation]) -> tuple[Source, ...]:
    """Return the documents of people's own that are cited, each once, by alphabet."""
    found = {one.evidence.source_id: one.evidence.own for one in citations if one.evidence.own}
    return tuple(sorted(found.values(), key=lambda source: folded(source.title)))


def own_reference(source: Source, texts: Texts) -> str:
    """Return a document of somebody's own as plain text, said to be that."""
    return texts.render("own_reference", title=_line(source.title), file=_line(source.container))


def place_in(evidence: Evidence, texts: Texts) -> str:
    """Return where in its source evidence stands: a section, and the page if it is known."""
    section = _line(evidence.section)
    if evidence.page is None:
        return section
    named = section if evidence.own is None or section != _line(evidence.own.title) else ""
    return texts.render("place_on_page" if named else "page", section=named, page=evidence.page)


def copy_text(
    question: str, markdown: str, citations: Sequence[Citation], catalogue: Catalogue, texts: Texts
) -> str:
    """Return an answer as plain text to paste elsewhere: the question, the answer, and its sources."""
    numbers = {citation.number for citation in citations}
    answer = write_plain(read_answer(markdown, numbers))
    sources = "\n".join([texts.render("sources_heading"), *_copied_sources(citations, catalogue, texts)])
    return "\n\n".join([_line(question), answer, *([sources] if citations else [])]) + "\n"


def _copied_sources(citations: Sequence[Citation], catalogue: Catalogue, texts: Texts) -> Iterator[str]:
    """Yield a line for each place that is cited, with all numbers that stand for it."""
    marks: dict[tuple[str, str], str] = {}
    first: dict[tuple[str, str], Evidence] = {}
    for citation in citations:
        place = (citation.evidence.source_id, place_in(citation.evidence, texts))
        marks[place] = f"{marks.get(place, '')}[{citation.number}]"
        first.setdefault(place, citation.evidence)
    for (source_id, section), numbers in marks.items():
        named = _named(first[source_id, section], catalogue, texts)
        yield texts.render("copied_source", marks=numbers, reference=named, section=section)


def _named(evidence: Evidence, catalogue: Catalogue, texts: Texts) -> str:
    if evidence.own:
        return own_reference(evidence.own, texts)
    source = catalogue.sources.get(evidence.source_id)
    return reference(source) if source else _closed(texts.render("source_gone", id=_line(evidence.source_id)))


# ── Authors ──────────────────────────────────────────────────────────────────


def _authors(source: Source) -> str:
    named = [_author(_line(name), source.label) for name in source.authors]
    if len(named) > 1:
        named[-1] = f"& {named[-1]}"
    return _closed(", ".join(named))


def _author(name: str, label: str) -> str:
    """Return "Boonstra, J." for a person, and the name as it is for an organisation.

    The label of a source has surnames of persons, and whole names of organisations.
    """
    words = name.split()
    start = _surname_at(words, label)
    surname, initials = " ".join(words[start:]), " ".join(map(_initials, words[:start]))
    return f"{surname[:1].upper()}{surname[1:]}, {initials}" if initials else name


def _surname_at(words: Sequence[str], label: str) -> int:
    labelled = f" {' '.join(word.strip(_PUNCTUATION) for word in label.split())} ".casefold()
    for start in range(len(words)):
        if f" {' '.join(words[start:])} ".casefold() in labelled:
            return start
    prefixes = (place for place, word in enumerate(words) if place and word[:1].islower())
    return next(prefixes, max(len(words) - 1, 0))


def _initials(name: str) -> str:
    """Return "J." for "Jaap", "J.-P." for "Jean-Paul" and "J. A." for "J.A."."""
    parts = [part for part in name.split(".") if part]
    return " ".join("-".join(f"{one[0]}." for one in part.split("-") if one) for part in parts)


# ── Letters ──────────────────────────────────────────────────────────────────


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _stop(text: str) -> str:
    return "" if text.endswith(tuple(_CLOSING)) else "."


def _closed(text: str) -> str:
    return text and text + _stop(text)

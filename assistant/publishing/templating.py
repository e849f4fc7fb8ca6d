"""The Jinja that fills templates: what a template can ask for, and that what it is given does nothing.

A template has the values of the domain and the filters ``marks``, ``figure``, ``day``, ``percentage``
and ``text``. It runs in a sandbox, since others than we can write one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jinja2 import StrictUndefined, TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.domain import Catalogue, Citation
from assistant.publishing.citing import Citing
from assistant.publishing.wording import Texts, day, figure, percentage


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A line of the list of sources."""

    number: int
    label: str
    """How a citation names the source: "Boonstra 2023"."""
    title: str
    section: str
    quote: str
    is_quoted: bool
    """Whether the quote is to the letter what the source says; else it is our summary of it."""


class Marks(str):
    """Citation marks, which stay as they are where other text is made inert."""

    __slots__ = ()


def environment(
    citing: Citing, texts: Texts, clean: Callable[[str], str], *, is_xml: bool
) -> ImmutableSandboxedEnvironment:
    """Return a Jinja in which each text that is filled in is cleaned first, and escaped for XML if asked."""

    def finalize(value: object) -> object:
        if isinstance(value, Marks) or hasattr(value, "__html__"):
            return value
        return clean(str(value))

    def marks(value: object) -> Marks:
        if not hasattr(value, "statements"):
            raise TemplateRuntimeError(f"marks: {type(value).__name__} has no statements")
        return Marks(citing.marks(value.statements) or texts.render("own_craft"))

    def cited(value: object) -> Marks:
        return Marks(citing.marks(getattr(value, "statements", ())))

    made = ImmutableSandboxedEnvironment(
        autoescape=is_xml,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=not is_xml,
        lstrip_blocks=not is_xml,
    )
    made.filters["marks"] = marks
    made.filters["cited"] = cited
    made.filters["figure"] = lambda value: figure(value, texts)
    made.filters["day"] = lambda value: day(value, texts)
    made.filters["percentage"] = percentage
    made.filters["text"] = texts.render
    return made


def cited_sources(citations: Sequence[Citation], catalogue: Catalogue) -> tuple[CitedSource, ...]:
    """Return the list of sources, in order of their numbers."""
    return tuple(cited_source(one, catalogue) for one in citations)


def cited_source(citation: Citation, catalogue: Catalogue) -> CitedSource:
    """Return a line of the list of sources; ``KeyError`` if nobody knows the source."""
    evidence = citation.evidence
    source = evidence.own or catalogue.sources[evidence.source_id]
    is_quoted = evidence.span is not None
    quote = evidence.quote if is_quoted else evidence.quote.replace("**", "")
    return CitedSource(citation.number, source.label, source.title, evidence.section, quote, is_quoted)

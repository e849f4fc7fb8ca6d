"""A conversation to hand out, as Markdown or as a Word file: what was asked and answered, with its sources.

A template has ``conversation``, a ``ShownConversation``, and the filter ``formatted``.
What readers thought of an answer isn't in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jinja2 import Environment

from assistant.domain import (
    ORIGINAL,
    OWN,
    CardKind,
    Catalogue,
    Citation,
    Conversation,
    Ending,
    Filters,
    KeptExchange,
    Source,
)
from assistant.publishing import word
from assistant.publishing.citing import Citing
from assistant.publishing.inert import inert, visible
from assistant.publishing.reading import Block, Run, Style, read_answer, write_markdown, write_runs
from assistant.publishing.references import (
    literature,
    own_cited,
    own_reference,
    place_in,
    reference_parts,
)
from assistant.publishing.templating import CitedSource, Marks, cited_source, environment
from assistant.publishing.wording import Texts

_LONGEST_HEADING = 160
"""Characters; a longer question stands whole under the beginning of it."""
_PARAGRAPHS = re.compile(r"\n{2,}")
"""Between the paragraphs of a quotation; a single new line sets the lines of a table apart."""
_KINDS = frozenset((*CardKind, ORIGINAL, OWN))
_CLOSING_ENDINGS = (Ending.STOPPED, Ending.COACHED)


@dataclass(frozen=True, slots=True)
class ShownExchange:
    """One question of a conversation as a template shows it."""

    heading: str
    question: str
    """The whole question where it is too long for a heading, else nothing."""
    scope: str
    """Where was searched, if that wasn't everywhere."""
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    """What to know of how the answer came about, or why there is none."""
    sources: tuple[CitedSource, ...]


@dataclass(frozen=True, slots=True)
class ShownReference:
    """A line of the list of literature."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ShownConversation:
    """A conversation as a template shows it."""

    title: str
    changed: date
    """In the time zone of the machine."""
    exchanges: tuple[ShownExchange, ...]
    literature: tuple[ShownReference, ...]


def conversation_markdown(
    conversation: Conversation, catalogue: Catalogue, template: Path, texts: Texts
) -> str:
    """Return a conversation as Markdown; nothing in it is a link, an image or HTML."""
    jinja = _jinja(catalogue, texts, inert, _as_markdown, is_xml=False)
    shown = _show(conversation, catalogue, texts)
    filled = jinja.from_string(template.read_text(encoding="utf-8")).render(conversation=shown)
    return re.sub(r"\n{3,}", "\n\n", filled).strip() + "\n"


def write_conversation(
    conversation: Conversation, catalogue: Catalogue, template: Path, texts: Texts
) -> bytes:
    """Return a conversation as a Word file; ``InvalidTexts`` if the template can't be read or filled."""
    jinja = _jinja(catalogue, texts, visible, _as_word, is_xml=True)
    shown = _show(conversation, catalogue, texts)
    return word.write(template, conversation.title, jinja, {"conversation": shown})


def _jinja(
    catalogue: Catalogue,
    texts: Texts,
    clean: Callable[[str], str],
    formatted: Callable[[Block | ShownReference], object],
    *,
    is_xml: bool,
) -> Environment:
    jinja = environment(Citing(catalogue), texts, clean, is_xml=is_xml)
    jinja.filters["formatted"] = formatted
    return jinja


def _as_markdown(value: Block | ShownReference | Sequence[Block]) -> Marks:
    if isinstance(value, Block | ShownReference):
        return Marks(write_runs(value.runs))
    return Marks(write_markdown(value))


def _as_word(value: Block | ShownReference) -> word.Formatted:
    return word.Formatted(value.runs)


def _show(conversation: Conversation, catalogue: Catalogue, texts: Texts) -> ShownConversation:
    cited = [citation for exchange in conversation.exchanges for citation in _shown_citations(exchange)]
    return ShownConversation(
        conversation.title,
        conversation.changed.astimezone().date(),
        tuple(_show_exchange(one, catalogue, texts) for one in conversation.exchanges),
        (
            *(_refer(source) for source in literature(cited, catalogue)),
            *(ShownReference((Run(own_reference(one, texts)),)) for one in own_cited(cited)),
        ),
    )


def _show_exchange(exchange: KeptExchange, catalogue: Catalogue, texts: Texts) -> ShownExchange:
    question = " ".join(visible(exchange.question).split())
    heading = _shortened(question, _LONGEST_HEADING)
    citations = _shown_citations(exchange)
    is_shown = exchange.ending is not Ending.COACHED
    return ShownExchange(
        heading,
        question if heading != question else "",
        _scope(exchange.filters, catalogue, texts),
        read_answer(exchange.markdown, {one.number for one in citations}) if is_shown else (),
        tuple(_notes(exchange, texts)),
        tuple(_cite(one, catalogue, texts) for one in citations),
    )


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _shown_citations(exchange: KeptExchange) -> tuple[Citation, ...]:
    return () if exchange.ending is Ending.COACHED else exchange.citations


def _notes(exchange: KeptExchange, texts: Texts) -> Iterable[str]:
    if exchange.ending in _CLOSING_ENDINGS:
        yield texts.render(f"ending_{exchange.ending}")
    yield from exchange.notices


def _cite(citation: Citation, catalogue: Catalogue, texts: Texts) -> CitedSource:
    """Return a citation as it was, also if the source has left the library since."""
    evidence = replace(citation.evidence, quote=_PARAGRAPHS.sub(" ", citation.evidence.quote))
    if evidence.own:
        label = texts.render("own_label", title=evidence.own.title)
        place = place_in(evidence, texts)
        return CitedSource(citation.number, label, evidence.own.title, place, evidence.quote, True)
    if evidence.source_id in catalogue.sources:
        return cited_source(replace(citation, evidence=evidence), catalogue)
    gone = texts.render("source_gone", id=evidence.source_id)
    return CitedSource(citation.number, gone, gone, evidence.section, evidence.quote, bool(evidence.span))


def _refer(source: Source) -> ShownReference:
    before, title, after = reference_parts(source)
    return ShownReference((Run(before), Run(title, Style.ITALIC), Run(after)))


# ── Where was searched ───────────────────────────────────────────────────────


def _scope(filters: Filters, catalogue: Catalogue, texts: Texts) -> str:
    labels = {source.id: source.label for source in catalogue.sources.values()}
    sources = _listed([labels.get(one, one) for one in filters.sources], texts)
    kinds = _listed([_kind(one, texts) for one in filters.kinds], texts)
    if sources and kinds:
        return texts.render("scope_both", sources=sources, kinds=kinds)
    if sources or kinds:
        return texts.render("scope", places=sources or kinds)
    return ""


def _kind(kind: str, texts: Texts) -> str:
    return texts.render(f"kind_{kind}") if kind in _KINDS else kind


def _listed(names: Iterable[str], texts: Texts) -> str:
    *some, last = sorted(names, key=str.casefold) or [""]
    return texts.render("listed", some=", ".join(some), last=last) if some else last

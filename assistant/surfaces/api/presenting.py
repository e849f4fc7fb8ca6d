"""From the domain's values to the contract's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.answering.rendering import render_claim
from assistant.domain import (
    Answer,
    Card,
    CardSection,
    Catalogue,
    CheckedClaim,
    Chunk,
    Citation,
    Passage,
    Refusal,
    Source,
    Statement,
    Status,
    Timing,
)
from assistant.surfaces.api.schemas import (
    AnswerResponse,
    CardResponse,
    CardSectionResponse,
    CardSummary,
    CitationResponse,
    ClaimResponse,
    PassageResponse,
    ProgressResponse,
    ReadinessResponse,
    ReferenceResponse,
    SourceResponse,
    StatementResponse,
)


def present_outcome(outcome: Answer | Refusal, sources: Mapping[str, Source]) -> AnswerResponse:
    """Return an answer or a refusal as the one response that both have."""
    citations = outcome.citations if isinstance(outcome, Answer) else ()
    return AnswerResponse(
        id=outcome.id,
        question=outcome.question.text,
        standalone_question=outcome.query.text,
        language=outcome.query.language.value,
        answer=outcome.markdown,
        refused=isinstance(outcome, Refusal),
        reason=outcome.reason.value if isinstance(outcome, Refusal) else None,
        citations=_present_citations(citations, sources),
        follow_ups=list(outcome.follow_ups),
        engine=outcome.engine,
        timings_ms=_present_timings(outcome.timings),
        notices=list(outcome.notices) if isinstance(outcome, Answer) else [],
    )


def present_passages(passages: Iterable[Passage]) -> Iterator[PassageResponse]:
    """Yield the passages in order, numbered from 1."""
    for number, passage in enumerate(passages, start=1):
        yield PassageResponse(
            number=number,
            source_ids=list(passage.chunk.source_ids),
            section=passage.chunk.section,
            card_id=passage.chunk.card_id,
            kind=passage.chunk.kind,
            text=passage.chunk.text,
            score=passage.score,
            **_place(passage.chunk),
        )


def _place(chunk: Chunk) -> dict[str, Any]:
    """Return where a passage stands in the text of a source; a card has no such place."""
    if chunk.span is None:
        return {"source_id": None, "start": None, "end": None}
    return {"source_id": chunk.source_ids[0], "start": chunk.span.start, "end": chunk.span.end}


def present_claim(checked: CheckedClaim, sources: Mapping[str, Source]) -> ClaimResponse:
    """Return a claim as Markdown with its marks, and the citations behind them."""
    return ClaimResponse(
        markdown=render_claim(checked),
        form=checked.claim.form.value,
        citations=_present_citations(checked.citations, sources),
    )


def present_source(source: Source, *, has_text: bool) -> SourceResponse:
    """Return a bibliographic entry."""
    return SourceResponse(
        id=source.id,
        authors=list(source.authors),
        year=source.year,
        title=source.title,
        container=source.container,
        language=source.language,
        rights=source.rights,
        label=source.label,
        sections=list(source.sections),
        has_text=has_text,
    )


def present_sources(catalogue: Catalogue) -> list[SourceResponse]:
    """Return the bibliography."""
    return [
        present_source(source, has_text=source.id in catalogue.documents)
        for source in catalogue.sources.values()
    ]


def summarise_card(card: Card) -> CardSummary:
    """Return a card without its text."""
    return CardSummary(
        id=card.id,
        kind=card.kind.value,
        title=card.title,
        aliases=list(card.aliases),
        phase=card.phase,
        related=list(card.related),
    )


def present_card(card: Card) -> CardResponse:
    """Return a card whole, with the references of every statement."""
    return CardResponse(
        **summarise_card(card).model_dump(),
        questions=list(card.questions),
        sections=[_present_section(section) for section in card.sections],
    )


def present_status(status: Status) -> ReadinessResponse:
    """Return the state of the running assistant."""
    building = status.building
    return ReadinessResponse(
        ready=status.is_ready,
        index_version=status.index_version,
        cards=status.cards,
        originals=list(status.originals),
        building=ProgressResponse(done=building.done, total=building.total) if building else None,
        failure=status.failure,
        degraded=status.degraded.value if status.degraded else None,
        model=status.model.name if status.model else None,
    )


def _present_section(section: CardSection) -> CardSectionResponse:
    return CardSectionResponse(
        heading=section.heading,
        role=section.role.value,
        is_ordered=section.is_ordered,
        statements=[_present_statement(statement) for statement in section.statements],
    )


def _present_statement(statement: Statement) -> StatementResponse:
    return StatementResponse(
        id=statement.id,
        text=statement.text,
        label=statement.label,
        is_item=statement.is_item,
        references=[
            ReferenceResponse(source_id=reference.source_id, section=reference.section)
            for reference in statement.references
        ],
    )


def _present_citations(
    citations: Iterable[Citation], sources: Mapping[str, Source]
) -> list[CitationResponse]:
    return [_present_citation(citation, sources) for citation in citations]


def _present_citation(citation: Citation, sources: Mapping[str, Source]) -> CitationResponse:
    evidence = citation.evidence
    source = evidence.own or sources[evidence.source_id]
    return CitationResponse(
        number=citation.number,
        source_id=evidence.source_id,
        title=source.title,
        section=evidence.section,
        card_id=evidence.card_id,
        quote=evidence.quote,
        start=evidence.span.start if evidence.span else None,
        end=evidence.span.end if evidence.span else None,
        support=citation.support.value,
        page=evidence.page,
    )


def _present_timings(timings: Iterable[Timing]) -> dict[str, float]:
    stages = {timing.stage: round(timing.milliseconds, 2) for timing in timings}
    return {"total": round(sum(stages.values()), 2), **stages}

"""Own documents as questions find them: only what the reader may see now, quoted to the letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from assistant.bootstrap import Assistant
from assistant.domain import (
    OWN,
    Answer,
    CheckedClaim,
    Chunk,
    DocumentFormat,
    DocumentState,
    Filters,
    OwnDocument,
    Question,
    Refusal,
    Span,
    Support,
    outcome_of,
)
from assistant.errors import StorageUnavailable
from assistant.retrieval.segments import build_segment
from assistant.settings import Settings
from evals.bench import RememberingEmbedder

SENTENCES = (
    "De opzegtermijn van deze overeenkomst is zes maanden, gerekend vanaf de eerste van de maand.",
    "De stuurgroep van Noorderlicht komt elk kwartaal bijeen in het provinciehuis van Assen.",
    "Partners van Noorderlicht bouwen vertrouwen op door hun cijfers elke maand te delen.",
)
TEXT = "\n".join(SENTENCES)
EVERYWHERE = Filters()


def document(owner: str, *, is_shared: bool = False) -> OwnDocument:
    return OwnDocument(
        f"eigen-{owner}",
        owner,
        "overeenkomst.pdf",
        "Overeenkomst Noorderlicht",
        DocumentFormat.PDF,
        100,
        DocumentState.READY,
        datetime(2026, 11, 22, tzinfo=UTC),
        is_shared,
    )


def chunks_of(document_id: str) -> list[Chunk]:
    starts = [TEXT.index(sentence) for sentence in SENTENCES]
    return [
        Chunk(
            f"{document_id}-{start}",
            sentence,
            "Overeenkomst Noorderlicht, Afspraken",
            OWN,
            "Afspraken",
            (document_id,),
            span=Span(start, start + len(sentence)),
            sentences=(Span(0, len(sentence)),),
        )
        for sentence, start in zip(SENTENCES, starts, strict=True)
    ]


@dataclass
class Shelf:
    """Documents in memory, with their real segments."""

    embedder: RememberingEmbedder
    documents: list[OwnDocument] = field(default_factory=list)
    is_away: bool = False
    read: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    damage: int = 0
    """Bytes that are missing at the end of each segment."""

    def visible(self, reader: str | None) -> tuple[OwnDocument, ...]:
        if self.is_away:
            raise StorageUnavailable(url="postgresql://…", reason="away")
        return tuple(one for one in self.documents if one.is_shared or one.owner == reader)

    def segments(self, ids: Sequence[str], engine: str, model: str) -> Mapping[str, bytes]:
        self.read.extend(ids)
        made = {id_: self._segment(id_, engine, model) for id_ in ids}
        return {id_: content[: len(content) - self.damage] for id_, content in made.items()}

    def drop_segment(self, id: str, engine: str, model: str) -> None:  # noqa: A002
        self.dropped.append(id)

    def _segment(self, id_: str, engine: str, model: str) -> bytes:
        chunks = chunks_of(id_)
        vectors = self.embedder.embed_passages([chunk.indexed_text for chunk in chunks])
        return build_segment(id_, chunks, [4, 5, None], vectors, engine=engine, model=model).to_bytes()


@pytest.fixture
def shelf(remembering: RememberingEmbedder) -> Shelf:
    return Shelf(remembering, [document("ans"), replace(document("bob"), title="Van Bob")])


@pytest.fixture
def assistant(card_settings: Settings, remembering: RememberingEmbedder, shelf: Shelf) -> Iterator[Assistant]:
    with closing(Assistant(card_settings, remembering)) as opened:
        opened.open_documents(shelf)
        yield opened


def ask(
    assistant: Assistant, text: str, reader: str | None, filters: Filters = EVERYWHERE
) -> Answer | Refusal:
    return outcome_of(assistant.ask(Question(text, (), filters, reader)))


def own_of(outcome: Answer | Refusal) -> list[CheckedClaim]:
    claims = outcome.claims if isinstance(outcome, Answer) else ()
    return [claim for claim in claims if claim.citations[0].evidence.own]


def test_a_document_answers_where_the_literature_says_nothing(assistant: Assistant) -> None:
    answer = ask(assistant, "Wat is de opzegtermijn van onze overeenkomst?", "ans")
    assert isinstance(answer, Answer)
    (claim, *_) = own_of(answer)
    (citation,) = claim.citations
    assert (citation.number, citation.support, citation.evidence.page) == (1, Support.QUOTED, 4)
    assert citation.evidence.span is not None
    assert TEXT[citation.evidence.span.start : citation.evidence.span.end] == citation.evidence.quote
    assert citation.evidence.quote == SENTENCES[0]
    assert "Overeenkomst Noorderlicht" in answer.markdown
    assert "p. 4" in answer.markdown


def test_the_literature_comes_first_and_its_numbers_go_on(assistant: Assistant) -> None:
    answer = ask(assistant, "Hoe bouwen partners vertrouwen op?", "ans")
    assert isinstance(answer, Answer)
    kinds = [bool(claim.citations[0].evidence.own) for claim in answer.claims]
    assert kinds == sorted(kinds)
    assert kinds[0] is False
    assert kinds[-1] is True
    assert [one.number for one in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_nobody_finds_what_somebody_else_added(assistant: Assistant) -> None:
    for reader in ("cor", None, "eigen-ans", ""):
        assert isinstance(ask(assistant, "Wat is de opzegtermijn van onze overeenkomst?", reader), Refusal)


def test_what_is_shared_is_found_by_all_and_named_as_shared(assistant: Assistant, shelf: Shelf) -> None:
    shelf.documents[1] = replace(shelf.documents[1], is_shared=True)
    answer = ask(assistant, "Wat is de opzegtermijn van onze overeenkomst?", None)
    assert "Gedeeld document ‘Van Bob’" in answer.markdown


def test_what_is_taken_away_is_not_found_any_more(assistant: Assistant, shelf: Shelf) -> None:
    question = "Wat is de opzegtermijn van onze overeenkomst?"
    assert own_of(ask(assistant, question, "ans"))
    shelf.documents.clear()
    assert not own_of(ask(assistant, question, "ans"))


def test_a_segment_is_read_once(assistant: Assistant, shelf: Shelf) -> None:
    for question in ("Wat is de opzegtermijn?", "Waar komt de stuurgroep bijeen?"):
        ask(assistant, question, "ans")
    assert shelf.read == ["eigen-ans"]


def test_a_filter_finds_either_the_literature_or_documents(
    assistant: Assistant,
) -> None:
    question = "Hoe bouwen partners vertrouwen op?"
    literature = ask(assistant, question, "ans", Filters(frozenset({"jansen-2004-alliantievertrouwen"})))
    assert not own_of(literature)
    own = ask(assistant, question, "ans", Filters(frozenset({"eigen-ans"})))
    assert isinstance(own, Answer)
    assert own_of(own) == list(own.claims)
    nothing = ask(assistant, "Hoeveel wegen de manen van Jupiter?", "ans", Filters(frozenset({"eigen-ans"})))
    assert "uw eigen documenten" in nothing.markdown


def test_a_question_about_something_else_quotes_nothing(assistant: Assistant) -> None:
    for question in ("Hoeveel manen heeft Jupiter?", "Wat is een paradox?", "Vertel een mop over katten."):
        assert not own_of(ask(assistant, question, "ans"))


def test_when_documents_cannot_be_searched_the_literature_answers_and_says_so(
    assistant: Assistant, shelf: Shelf
) -> None:
    shelf.is_away = True
    answer = ask(assistant, "Wat is calculatief vertrouwen?", "ans")
    assert isinstance(answer, Answer)
    assert any("konden nu niet doorzocht worden" in notice for notice in answer.notices)
    refusal = ask(assistant, "Wat is de opzegtermijn van onze overeenkomst?", "ans")
    assert "konden nu niet doorzocht worden" in refusal.markdown


def test_a_damaged_segment_is_dropped_and_the_literature_answers(assistant: Assistant, shelf: Shelf) -> None:
    shelf.damage = 100
    assert isinstance(ask(assistant, "Wat is calculatief vertrouwen?", "ans"), Answer)
    assert shelf.dropped == ["eigen-ans"]
    shelf.damage = 0
    assert own_of(ask(assistant, "Wat is de opzegtermijn van onze overeenkomst?", "ans"))

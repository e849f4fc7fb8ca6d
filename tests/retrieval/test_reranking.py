"""Reranking with a real cross-encoder of sentence-transformers, whose order can be foretold."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import Chunk, Filters, Findings, Intent, Language, Passage, Query
from assistant.errors import MissingEngine, UnusableReranker
from assistant.retrieval.embedding import CrossEncoderReranker
from assistant.retrieval.reranking import RERANKED, rerank
from assistant.retrieval.retriever import Retriever
from tests.retrieval.conftest import CHUNKS, NOTHING, Build
from tests.retrieval.cross_encoders import write_cross_encoder

pytest.importorskip("sentence_transformers", reason="the extra sentence-transformers isn't installed")

QUESTION = "Welke partners spreken over geld, planning en vertrouwen?"
"""Fusion and the cross-encoder disagree about it."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    texts = [chunk.indexed_text for chunk in CHUNKS]
    return write_cross_encoder(tmp_path_factory.mktemp("cross-encoder"), [*texts, QUESTION])


@pytest.fixture(scope="module")
def reranker(folder: str) -> CrossEncoderReranker:
    return CrossEncoderReranker(folder)


@pytest.fixture
def reranking(build: Build, reranker: CrossEncoderReranker) -> Retriever:
    return build(phrasing_index=NOTHING, unanswered_index=NOTHING, reranker=reranker)


def ask(text: str = QUESTION, language: Language = Language.DUTCH, filters: Filters | None = None) -> Query:
    return Query(text, language, Intent.FACT, filters or Filters())


def ids(passages: Sequence[Passage]) -> list[str]:
    return [passage.chunk.id for passage in passages]


def order_of_the_package(folder: str, question: str, chunks: Sequence[Chunk]) -> list[str]:
    """Rank chunks with the package itself."""
    from sentence_transformers import CrossEncoder

    ranked = CrossEncoder(folder, device="cpu").rank(question, [chunk.indexed_text for chunk in chunks])
    return [chunks[int(one["corpus_id"])].id for one in ranked]


@pytest.mark.parametrize("language", Language)
def test_the_order_is_that_of_the_model_in_either_language(
    retriever: Retriever,
    reranking: Retriever,
    folder: str,
    chunks: tuple[Chunk, ...],
    language: Language,
) -> None:
    before, after = (one.retrieve(ask(language=language)).passages for one in (retriever, reranking))
    assert ids(after) == order_of_the_package(folder, QUESTION, chunks)
    assert ids(after) != ids(before)


def test_the_passage_that_shares_most_words_with_the_question_comes_first(
    retriever: Retriever, reranking: Retriever
) -> None:
    query = ask("De alliantiemanager krijgt ruimte voor de uitvoering", Language.ENGLISH)
    assert ids(retriever.retrieve(query).passages)[0] == "rollen"
    assert ids(reranking.retrieve(query).passages)[0] == "besturing"


def test_scores_descend_between_the_highest_and_the_lowest_of_fusion(
    retriever: Retriever, reranking: Retriever
) -> None:
    fused = [passage.score for passage in retriever.retrieve(ask()).passages]
    scores = [passage.score for passage in reranking.retrieve(ask()).passages]
    assert scores == sorted(scores, reverse=True)
    assert (scores[0], scores[-1]) == pytest.approx((fused[0], fused[-1]))
    assert all(type(score) is float and 0 <= score <= 1 for score in scores)
    assert len(set(scores)) == len(scores)


def test_twice_as_far_by_the_model_is_twice_as_far_by_the_score(
    reranking: Retriever, reranker: CrossEncoderReranker
) -> None:
    passages = reranking.retrieve(ask()).passages
    logits = reranker.relevance(QUESTION, [passage.chunk.indexed_text for passage in passages])
    scores = np.array([passage.score for passage in passages])
    assert np.corrcoef(logits, scores)[0, 1] == pytest.approx(1)


def test_only_passages_and_their_coverage_change(retriever: Retriever, reranking: Retriever) -> None:
    def rest(findings: Findings) -> Findings:
        return replace(findings, passages=(), coverage=0.0)

    before, after = retriever.retrieve(ask()), reranking.retrieve(ask())
    assert rest(before) == rest(after)
    raw = [{one.chunk.id: (one.dense, one.keywords) for one in found.passages} for found in (before, after)]
    assert raw[0] == raw[1]
    assert before.coverage == pytest.approx(after.coverage)


def test_coverage_is_that_of_the_passages_that_are_best_now(
    retriever: Retriever, reranking: Retriever
) -> None:
    query = ask("De alliantiemanager krijgt ruimte voor de uitvoering", Language.ENGLISH)
    before, after = (one.retrieve(query, limit=1) for one in (retriever, reranking))
    assert ids(before.passages) != ids(after.passages)
    assert 0 < before.coverage < after.coverage < 1


def test_ranking_by_meaning_alone_stays_as_it_is(retriever: Retriever, reranking: Retriever) -> None:
    vector = np.ones(384, np.float32) / math.sqrt(384)
    assert retriever.rank_by_meaning(vector, Filters()) == reranking.rank_by_meaning(vector, Filters())


def test_without_a_reranker_fusion_has_the_last_word(build: Build, retriever: Retriever) -> None:
    plain = build(phrasing_index=NOTHING, unanswered_index=NOTHING, reranker=None)
    assert plain.retrieve(ask()) == retriever.retrieve(ask())


def test_filters_hold(reranking: Retriever) -> None:
    found = reranking.retrieve(ask(filters=Filters(sources=frozenset({"jansen"})))).passages
    assert set(ids(found)) == {"vertrouwen", "nav-model"}
    nowhere = Filters(kinds=frozenset({"casus"}))
    assert reranking.retrieve(ask(filters=nowhere)).passages == ()


def test_a_limit_cuts_after_reranking(reranking: Retriever) -> None:
    everything = reranking.retrieve(ask()).passages
    assert reranking.retrieve(ask(), limit=2).passages == everything[:2]


def test_passages_that_are_not_read_again_stay_below_those_that_are(
    reranker: CrossEncoderReranker, make_chunks: Callable[[int], tuple[Chunk, ...]]
) -> None:
    texts = ["planning en geld" if row % 7 == 6 else "vertrouwen" for row in range(RERANKED + 10)]
    chunks = [replace(chunk, text=text) for chunk, text in zip(make_chunks(len(texts)), texts, strict=True)]
    fused = tuple(Passage(chunk, 0.9 - row / 100) for row, chunk in enumerate(chunks))
    ranked = rerank(reranker, "planning en geld", fused)
    assert [passage.chunk.text for passage in ranked[:5]] == ["planning en geld"] * 4 + ["vertrouwen"]
    assert set(ids(ranked[:RERANKED])) == set(ids(fused[:RERANKED]))
    assert ranked[RERANKED:] == fused[RERANKED:]
    scores = [passage.score for passage in ranked]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("count", [0, 1])
def test_there_is_nothing_to_order_in_fewer_than_two(
    reranker: CrossEncoderReranker, chunks: tuple[Chunk, ...], count: int
) -> None:
    fused = tuple(Passage(chunk, 0.4) for chunk in chunks[:count])
    assert rerank(reranker, QUESTION, fused) == fused


def test_passages_that_fusion_scores_alike_are_still_put_in_order(
    reranker: CrossEncoderReranker, folder: str, chunks: tuple[Chunk, ...]
) -> None:
    ranked = rerank(reranker, QUESTION, [Passage(chunk, 0.4) for chunk in chunks])
    assert ids(ranked) == order_of_the_package(folder, QUESTION, chunks)
    assert {passage.score for passage in ranked} == {0.4}


class _Saying:
    """Says what it was told to."""

    def __init__(self, *relevance: float) -> None:
        self._relevance = np.array(relevance)

    def relevance(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        return self._relevance


@pytest.mark.parametrize("relevance", [(2, 2, 2), (1, math.nan, 3)])
def test_a_reranker_that_says_nothing_changes_nothing(
    chunks: tuple[Chunk, ...], relevance: tuple[float, ...]
) -> None:
    fused = tuple(Passage(chunk, 0.9 - row / 10) for row, chunk in enumerate(chunks[:3]))
    assert rerank(_Saying(*relevance), QUESTION, fused) == fused


@pytest.mark.parametrize("text", ["", " ", "geld\0planning", "\ud800 half", "🙂", "woord " * 600])
def test_odd_texts_get_a_number_too(reranker: CrossEncoderReranker, text: str) -> None:
    for question, passage in ((text, CHUNKS[0].text), (QUESTION, text), (text, text)):
        assert np.isfinite(reranker.relevance(question, [passage])).all()


def test_threads_that_ask_at_once_get_what_each_would_get_alone(reranker: CrossEncoderReranker) -> None:
    texts = [chunk.indexed_text for chunk in CHUNKS]
    questions = [f"{chunk.text[: 20 + 5 * row]}?" for row, chunk in enumerate(CHUNKS)]
    alone = [reranker.relevance(question, texts) for question in questions]
    together: dict[int, NDArray[np.float64]] = {}

    def read(number: int) -> None:
        together[number] = reranker.relevance(questions[number], texts)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(together[number] == pytest.approx(alone[number]) for number in range(len(questions)))


def _nowhere(folder: Path) -> None:
    """Leave the folder unmade."""


def _without_files(folder: Path) -> None:
    folder.mkdir()


def _with_damaged_weights(folder: Path) -> None:
    write_cross_encoder(folder, [QUESTION])
    (folder / "model.safetensors").write_bytes(b"half a download")


def _with_three_scores_a_pair(folder: Path) -> None:
    write_cross_encoder(folder, [QUESTION], labels=3)


def _that_only_embeds(folder: Path) -> None:
    from transformers import BertForSequenceClassification

    write_cross_encoder(folder, [QUESTION])
    BertForSequenceClassification.from_pretrained(folder).bert.save_pretrained(folder)


@pytest.mark.parametrize(
    "make",
    [_nowhere, _without_files, _with_damaged_weights, _with_three_scores_a_pair, _that_only_embeds],
    ids=lambda make: make.__name__,
)
def test_a_model_that_cannot_rerank_is_a_setting_to_mend(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "model")
    with pytest.raises(UnusableReranker) as caught:
        CrossEncoderReranker(str(tmp_path / "model"))
    assert caught.value.details["model"] == str(tmp_path / "model")
    assert len(caught.value.details["reason"].splitlines()) == 1


def test_a_missing_package_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingEngine) as caught:
        CrossEncoderReranker("een-model")
    assert caught.value.details["remedy"] == "pip install 'alliantie-assistent[sentence-transformers]'"

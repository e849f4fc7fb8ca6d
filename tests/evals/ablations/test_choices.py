"""The choices that are tried: each does what its name says, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from assistant.domain import Findings, Question
from assistant.indexing.opening import DENSE_WEIGHT
from evals.ablations.changing import Ablation, legs_of, rebuilding
from evals.ablations.choices import ANSWERING, FINDING, RERANKING, without_line, without_names
from evals.bench import Bench
from evals.systems import PRODUCT

DUTCH = "Waarom is calculatief vertrouwen belangrijk, en hoe laat een bestuurder het vertrouwen groeien?"
ENGLISH = "Which diplomas and contracts does calculative trust rest on?"
ALL: Mapping[str, Ablation] = {
    one.name: one for block in (*FINDING.values(), RERANKING, ANSWERING) for one in block
}


def found(bench: Bench, name: str, text: str = DUTCH) -> Findings:
    """Return what is found with one thing changed."""
    query = bench.understanding.understand(Question(text))
    with rebuilding(bench, []) as made:
        return ALL[name].retriever(bench, legs_of(bench), made).retrieve(query, limit=30)


def scores(findings: Findings) -> dict[str, float]:
    return {passage.chunk.id: passage.score for passage in findings.passages}


def test_every_block_begins_with_the_product_and_names_each_variant_once() -> None:
    for block in (*FINDING.values(), RERANKING, ANSWERING):
        assert block[0] == Ablation(PRODUCT)
        assert len({one.name for one in block}) == len(block)


def test_the_weight_of_the_product_is_not_tried_twice() -> None:
    assert f"weight {DENSE_WEIGHT:g}" not in ALL
    assert {"weight 0", "weight 1"} <= ALL.keys()


def test_at_either_end_of_the_weights_one_leg_decides(card_bench: Bench) -> None:
    words, meaning = found(card_bench, "weight 0").passages, found(card_bench, "weight 1").passages
    keywords = [passage.keywords or 0.0 for passage in words]
    assert keywords == sorted(keywords, reverse=True)
    cosines = [passage.dense or 0.0 for passage in meaning]
    assert cosines == sorted(cosines, reverse=True)
    assert keywords[0] > 0
    assert [one.chunk.id for one in words] != [one.chunk.id for one in meaning]


def test_without_the_adapter_nothing_is_suited(card_bench: Bench) -> None:
    assert found(card_bench, PRODUCT).suited
    assert found(card_bench, "no adapter").suited == {}


def test_ranks_are_fused_into_scores_from_0_to_1(card_bench: Bench) -> None:
    fused = list(scores(found(card_bench, "by rank")).values())
    assert fused[0] == 1
    assert fused == sorted(fused, reverse=True)
    assert all(0 < score <= 1 for score in fused)


def test_without_its_phrasings_the_nearest_way_of_asking_is_farther(card_bench: Bench) -> None:
    product = found(card_bench, PRODUCT)
    assert product.asked
    assert found(card_bench, "no phrasings").best_phrasing == 0
    sections, statements = (
        found(card_bench, name) for name in ("no section phrasings", "no statement phrasings")
    )
    assert sections.asked == pytest.approx(product.asked)
    assert statements.asked == {}
    assert max(sections.best_phrasing, statements.best_phrasing) == pytest.approx(product.best_phrasing)
    assert min(sections.best_phrasing, statements.best_phrasing) < product.best_phrasing


def test_phrasings_in_vectors_only_change_the_words_and_nothing_else(card_bench: Bench) -> None:
    product, changed = found(card_bench, PRODUCT), found(card_bench, "phrasings in vectors only")
    assert (changed.asked, changed.best_phrasing) == (product.asked, product.best_phrasing)
    assert scores(changed) != scores(product)


def test_words_are_sought_for_english_only_where_that_is_tried(card_bench: Bench) -> None:
    product, changed = (found(card_bench, name, ENGLISH) for name in (PRODUCT, "words for English"))
    assert {passage.keywords for passage in product.passages} == {None}
    assert any(passage.keywords for passage in changed.passages)
    assert scores(found(card_bench, "words for English")) == scores(found(card_bench, PRODUCT))


@pytest.mark.parametrize(
    ("name", "text"),
    [("no stems", "afwegingen"), ("no compounds", "Hoe werkt een vertrouwensafweging?")],
)
def test_words_go_through_one_step_less(card_bench: Bench, name: str, text: str) -> None:
    product, changed = (found(card_bench, one, text) for one in (PRODUCT, name))
    assert scores(product) != scores(changed)
    assert max(one.keywords or 0 for one in product.passages) > 0


def test_a_context_line_loses_the_other_names_or_all_it_says(bench: Bench) -> None:
    catalogue = bench.opened.catalogue
    for chunk in bench.opened.chunks.values():
        assert without_line(chunk, catalogue) == ("" if chunk.card_id else chunk.context)
        shortened = without_names(chunk, catalogue)
        aliases = catalogue.cards[chunk.card_id].aliases if chunk.card_id else ()
        assert (shortened != chunk.context) == bool(aliases)
        assert chunk.section in shortened
        assert chunk.context.startswith(shortened)


@pytest.mark.parametrize("name", ["no context", "no names"])
def test_another_context_is_indexed_and_shown_to_nobody(tiny_bench: Bench, name: str) -> None:
    product, changed = found(tiny_bench, PRODUCT), found(tiny_bench, name)
    assert changed.best_dense != pytest.approx(product.best_dense, abs=1e-5)
    assert {one.chunk.id: one.chunk for one in changed.passages} == {
        one.chunk.id: one.chunk for one in product.passages
    }


def test_statements_can_be_chosen_without_how_people_ask_for_them(card_bench: Bench) -> None:
    product = found(card_bench, PRODUCT)
    assert product.asked
    assert ALL["statements not asked"].findings(product) == replace(product, asked={})
    assert ALL["more room"].findings(product) is product

"""A small real run: the product's row is what the suite measures, and the others stand beside it."""

from __future__ import annotations

import pytest

from assistant.settings import Settings
from evals.ablations.choices import ANSWERING, FINDING
from evals.ablations.gathering import Ablations
from evals.ablations.measuring import set_side_by_side
from evals.bench import Bench
from evals.items import DATA, Items, read_items
from evals.judging.words import WordJudge
from evals.measures.estimating import estimate
from evals.report.rows import find
from evals.results import Block
from evals.suite import measure_part
from evals.systems import PRODUCT

COVERED = "jansen-2004-alliantievertrouwen, Calculatief en relationeel vertrouwen"
FEW = 8


@pytest.fixture(scope="module")
def items() -> Items:
    """A few items of the dev split: some that the two cards answer, and as many that nothing answers."""
    dev = read_items(DATA / "dev")
    covered = [item for item in dev.answerable if COVERED in item.sections]
    asked = tuple(dict.fromkeys((*covered, *dev.answerable)))[:FEW]
    twins = tuple(twin for twin in dev.twins if twin.of in {item.id for item in asked})
    return Items(answerable=asked, unanswerable=dev.unanswerable[:FEW], twins=twins)


@pytest.fixture(scope="module")
def blocks(tiny_bench: Bench, tiny_settings: Settings, items: Items) -> dict[str, Block]:
    ablations = Ablations(items)
    ablations.add(tiny_bench, tiny_settings)
    return {block.name: block for block in ablations.blocks()}


def test_every_choice_is_measured_once(blocks: dict[str, Block]) -> None:
    assert list(blocks) == [*FINDING, "answering", "refusing"]
    for name, tried in {**FINDING, "answering": ANSWERING}.items():
        assert [variant.name for variant in blocks[name].variants] == [one.name for one in tried]
    assert {block.way for block in blocks.values()} == {"cards"}


def test_the_product_gets_what_the_suite_says_that_it_gets(
    blocks: dict[str, Block], tiny_bench: Bench, tiny_settings: Settings, items: Items, judge: WordJudge
) -> None:
    part = measure_part(tiny_bench, tiny_settings, items, split="dev", judge=judge)
    ranked, answered = find(part.ranked, PRODUCT), find(part.answered, PRODUCT)
    assert ranked
    assert answered
    found, said = blocks["fusion"].variants[0].figures, blocks["answering"].variants[0].figures
    assert (found["ndcg"].value, found["recall"].value) == (ranked.ndcg, ranked.recall)
    assert (said["vital"].value, said["nuggets"].value) == (answered.vital, answered.nuggets)
    assert said["words"].value.mean == answered.words
    assert ranked.ndcg.mean > 0
    assert answered.vital.mean > 0


def test_only_what_was_changed_has_a_difference(blocks: dict[str, Block]) -> None:
    for block in blocks.values():
        first, *others = block.variants
        assert first.name == PRODUCT
        assert {figure.change for figure in first.figures.values()} == {None}
        for variant in others:
            assert variant.figures.keys() == first.figures.keys()
            assert all(figure.change is not None for figure in variant.figures.values())


def test_a_change_in_the_vectors_or_the_room_is_seen(blocks: dict[str, Block]) -> None:
    words = {variant.name: variant.figures["words"].value.mean for variant in blocks["answering"].variants}
    assert words["nothing added"] < words[PRODUCT]
    ndcg = {variant.figures["ndcg"].value.mean for variant in blocks["fusion"].variants}
    assert len(ndcg) > 1


def test_a_variant_is_compared_item_by_item_over_what_both_have() -> None:
    block = set_side_by_side(
        "cards",
        "fusion",
        {
            PRODUCT: {"ndcg": {"a": 0.5, "b": 1.0, "c": 0.0}},
            "other": {"ndcg": {"a": 0.75, "b": 0.75, "d": 1.0}},
        },
    )
    product, other = (variant.figures["ndcg"] for variant in block.variants)
    assert product.value == estimate([0.5, 1.0, 0.0])
    assert other.value == estimate([0.75, 0.75, 1.0])
    assert other.change == estimate([0.25, -0.25])
    assert not other.is_certain


def test_a_difference_on_all_items_is_certain() -> None:
    names = [f"item-{number}" for number in range(9)]
    block = set_side_by_side(
        "cards",
        "fusion",
        {
            PRODUCT: {"ndcg": dict.fromkeys(names, 0.5)},
            "other": {"ndcg": dict.fromkeys(names, 0.25)},
        },
    )
    assert [variant.figures["ndcg"].is_certain for variant in block.variants] == [False, True]

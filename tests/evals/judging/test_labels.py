"""The hand labels fit the items and the texts, and the judge without a model agrees with them enough."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.domain import Catalogue
from evals.bench import Bench
from evals.items import DATA, Answerable, read_items
from evals.judging.judge import Judge
from evals.judging.labels import (
    WHOLE,
    LabelledAnswer,
    LabelledClaim,
    Labels,
    Place,
    check_nuggets,
    check_of,
    check_support,
    quotes_of,
    read_labels,
    supported_share,
)
from evals.judging.support import WordSupport
from evals.judging.verdicts import Support
from evals.judging.words import WordJudge
from tests.fakes import TEXT, a_catalogue

LABELS = read_labels()
SPLITS = ("dev", "test")
ITEMS = {split: {item.id: item for item in read_items(DATA / split).answerable} for split in SPLITS}


@pytest.fixture(scope="module")
def catalogue(original_bench: Bench) -> Catalogue:
    return original_bench.opened.catalogue


@pytest.fixture(scope="module")
def word_judge(catalogue: Catalogue) -> Judge:
    return WordJudge(WordSupport(catalogue))


@pytest.fixture
def items() -> dict[str, Answerable]:
    nuggets = [{"text": "langzaam", "keys": ["traag|langzaam"]}, {"text": "snel weg", "keys": ["snel"]}]
    item = Answerable.model_validate(
        {"id": "groei", "type": "fact", "question": "Hoe groeit vertrouwen?", "nuggets": nuggets}
    )
    return {item.id: item}


def labelled(answer: str, **there: bool) -> LabelledAnswer:
    return LabelledAnswer(
        item="groei",
        system="product",
        split="dev",
        answer=answer,
        there={name.replace("_", " "): flag for name, flag in there.items()},
    )


def claimed(claim: str, support: Support, start: int = 0, end: int = 24) -> LabelledClaim:
    place = Place(source="met-tekst", start=start, end=end, check=check_of(TEXT[start:end]))
    return LabelledClaim(claim=claim, origin="answer", split="dev", evidence=(place,), support=support)


# The labels themselves.


def test_there_are_enough_labels_of_each_class_on_both_splits() -> None:
    nuggets = Counter(flag for label in LABELS.answers for flag in label.there.values())
    support = Counter(label.support is Support.SUPPORTED for label in LABELS.claims)
    assert nuggets.total() + support.total() >= 300
    assert min(nuggets[True], nuggets[False], support[True], support[False]) >= 60
    assert {label.support for label in LABELS.claims} == set(Support)
    for split in SPLITS:
        assert sum(len(label.there) for label in LABELS.answers if label.split == split) >= 100
        assert sum(label.split == split for label in LABELS.claims) >= 80


def test_every_labelled_answer_is_to_an_item_that_still_exists_in_its_split() -> None:
    assert [label.item for label in LABELS.answers if label.item not in ITEMS[label.split]] == []


def test_every_labelled_nugget_still_exists() -> None:
    lost = [
        (label.item, name)
        for label in LABELS.answers
        for name in label.there
        if name not in {nugget.text for nugget in ITEMS[label.split][label.item].nuggets}
    ]
    assert lost == []


def test_no_claim_is_labelled_twice_in_a_split_nor_differently_in_the_other() -> None:
    once = Counter((label.claim, label.evidence, label.split) for label in LABELS.claims)
    labels = {(label.claim, label.evidence, label.support) for label in LABELS.claims}
    assert [claim for (claim, *_), count in once.items() if count > 1] == []
    assert len(labels) == len({(claim, evidence) for claim, evidence, _ in labels})


def test_every_claim_has_evidence_from_one_place_or_more() -> None:
    assert [label.claim for label in LABELS.claims if not label.evidence] == []


@pytest.mark.originals
def test_the_evidence_of_every_claim_still_stands_in_its_place(catalogue: Catalogue) -> None:
    assert [label.claim for label in LABELS.claims if not quotes_of(label, catalogue)] == []


# How far the judge agrees.


@pytest.mark.originals
@pytest.mark.parametrize("split", SPLITS)
def test_the_judge_agrees_with_the_hand_about_nuggets(word_judge: Judge, split: str) -> None:
    judged = check_nuggets(word_judge, LABELS.answers, ITEMS[split], split)
    assert judged is not None
    assert judged.count == sum(len(label.there) for label in LABELS.answers if label.split == split)
    assert judged.balanced_accuracy >= 0.88


@pytest.mark.originals
@pytest.mark.parametrize("split", SPLITS)
def test_the_judge_agrees_with_the_hand_about_support(
    word_judge: Judge, catalogue: Catalogue, split: str
) -> None:
    three, two = check_support(word_judge, LABELS.claims, catalogue, split)
    count = sum(label.split == split for label in LABELS.claims)
    assert (three.labels, two.labels) == (tuple(Support), WHOLE)
    assert (three.count, two.count) == (count, count)
    recalls = [row[at] / sum(row) for at, row in enumerate(two.confusion)]
    assert two.balanced_accuracy == pytest.approx(sum(recalls) / 2)
    assert two.balanced_accuracy >= 0.70


@pytest.mark.originals
def test_the_judge_finds_what_was_made_wrong_on_purpose_more_often_than_not(
    word_judge: Judge, catalogue: Catalogue
) -> None:
    hard = [label for label in LABELS.claims if label.origin == "other"]
    verdicts = [word_judge.supports(label.claim, quotes_of(label, catalogue)) for label in hard]
    assert sum(verdict is not Support.SUPPORTED for verdict in verdicts) >= 0.9 * len(verdicts)


# Comparing, on labels that can be counted by hand.


def test_nuggets_are_counted_by_what_the_hand_and_the_judge_say(
    judge: WordJudge, items: dict[str, Answerable]
) -> None:
    labels = [
        labelled("Het groeit traag.", langzaam=True, snel_weg=False),
        labelled("Het groeit niet snel.", langzaam=True, snel_weg=False),
        labelled("Het verdwijnt snel.", snel_weg=True),
    ]
    judged = check_nuggets(judge, labels, items, "dev")
    assert judged is not None
    assert judged.confusion == ((2, 1), (1, 1))
    assert judged.balanced_accuracy == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert (judged.split, judged.judge) == ("dev", "nuggets (words)")


def test_support_is_counted_in_three_classes_and_in_two(judge: WordJudge) -> None:
    labels = [
        claimed("Vertrouwen groeit traag.", Support.SUPPORTED),
        claimed("Vertrouwen groeit traag.", Support.UNSUPPORTED),
        claimed("Bruggen hebben pijlers.", Support.PARTLY),
    ]
    three, two = check_support(judge, labels, a_catalogue(), "dev")
    assert three.confusion == ((1, 0, 0), (0, 0, 1), (1, 0, 0))
    assert two.confusion == ((1, 0), (1, 1))
    assert two.balanced_accuracy == pytest.approx(0.75)


def test_a_split_without_labels_is_not_judged(judge: WordJudge, items: dict[str, Answerable]) -> None:
    assert check_nuggets(judge, [labelled("Traag.", langzaam=True)], items, "test") is None
    assert check_support(judge, [claimed("Traag.", Support.PARTLY)], a_catalogue(), "test") == []


def test_without_the_text_there_are_no_quotes_to_judge_by(judge: WordJudge, card_bench: Bench) -> None:
    assert check_support(judge, LABELS.claims, card_bench.opened.catalogue, "dev") == []


def test_a_text_that_has_moved_is_noticed() -> None:
    label = claimed("Vertrouwen groeit traag.", Support.SUPPORTED)
    assert quotes_of(label, a_catalogue()) == [TEXT[:24]]
    moved = label.evidence[0].model_copy(update={"start": 1})
    assert quotes_of(label.model_copy(update={"evidence": (moved,)}), a_catalogue()) == []


def test_the_share_that_is_supported_by_hand_is_of_claims_in_real_answers() -> None:
    labels = Labels(
        answers=(),
        claims=(
            claimed("Traag.", Support.SUPPORTED),
            claimed("Snel.", Support.PARTLY),
            claimed("Nooit.", Support.SUPPORTED).model_copy(update={"origin": "altered"}),
        ),
    )
    assert supported_share(labels.claims, "dev") == [True, False]
    assert supported_share(labels.claims, "test") == []

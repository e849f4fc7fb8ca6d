"""Where the assistant looks, as it is chosen and told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.prompts import Texts
from assistant.domain import ORIGINAL, OWN, CardKind, Catalogue, Filters
from assistant.surfaces.chat.scope import Scope
from tests.surfaces.chat.scripted import CATALOGUE

JANSEN, BOONSTRA = "jansen-2004-alliantievertrouwen", "boonstra-2023-strategisch-samenwerken"


@pytest.fixture
def scope(texts: Texts) -> Scope:
    made = Scope(texts)
    made.sources(CATALOGUE)
    return made


def test_sources_are_chosen_by_the_name_that_citations_use(scope: Scope) -> None:
    assert scope.sources(CATALOGUE) == [("Jansen 2004", JANSEN), ("Boonstra 2023", BOONSTRA)]


def test_without_an_index_there_are_no_sources_to_choose(scope: Scope) -> None:
    assert scope.sources(None) == []


def test_originals_and_each_kind_of_card_are_chosen_by_a_name_of_their_own(scope: Scope) -> None:
    names, kinds = zip(*scope.kinds(), strict=True)
    assert kinds == (ORIGINAL, *CardKind, OWN)
    assert len(set(names)) == len(names)
    assert all(name != kind for name, kind in scope.kinds())


def test_a_choice_becomes_filters_and_none_is_everywhere(scope: Scope) -> None:
    assert scope.filters([], []) == Filters()
    assert scope.filters([JANSEN], ["rol", "bron"]) == Filters(
        frozenset({JANSEN}), frozenset({"rol", "bron"})
    )


def test_all_chosen_is_the_same_as_none(scope: Scope) -> None:
    everything = [kind for _, kind in scope.kinds()]
    assert scope.filters([BOONSTRA, JANSEN], everything) == Filters()
    assert scope.filters([BOONSTRA], everything) == Filters(frozenset({BOONSTRA}))
    assert scope.filters([BOONSTRA, JANSEN], ["fase"]) == Filters(kinds=frozenset({"fase"}))


def test_a_choice_stands_while_nobody_knows_which_sources_there_are(texts: Texts) -> None:
    assert Scope(texts).filters([JANSEN], []) == Filters(frozenset({JANSEN}))


def test_a_question_that_was_sought_everywhere_needs_no_telling(scope: Scope, texts: Texts) -> None:
    assert scope.describe(Filters()) == ""
    assert scope.heading(Filters()) == texts.render("scope_all")


def test_where_a_question_was_sought_is_told_by_name_and_always_in_one_order(
    scope: Scope, texts: Texts
) -> None:
    filters = Filters(frozenset({JANSEN, BOONSTRA}), frozenset({"rol", "bron"}))
    chosen = f"Boonstra 2023, Jansen 2004, {texts.render('kind_bron')}, {texts.render('kind_rol')}"
    assert scope.describe(filters) == texts.render("scope_of_answer", chosen=chosen)
    assert scope.heading(filters) == texts.render("scope_chosen", chosen=chosen)


def test_each_kind_alone_is_told_by_its_name(scope: Scope) -> None:
    for name, kind in scope.kinds():
        assert scope.heading(Filters(kinds=frozenset({kind}))).endswith(name)


def test_a_source_that_is_gone_is_told_by_its_id(texts: Texts) -> None:
    assert "weg-2001" in Scope(texts).describe(Filters(frozenset({"weg-2001"})))


def test_the_name_of_a_source_is_no_template(texts: Texts) -> None:
    scope, label = Scope(texts), "{chosen} {0} %s {{x}}"
    hostile = replace(CATALOGUE.sources[JANSEN], label=label)
    assert scope.sources(Catalogue({JANSEN: hostile}, {}, {}, {})) == [(label, JANSEN)]
    described = scope.describe(Filters(frozenset({JANSEN})))
    assert described == texts.render("scope_of_answer", chosen=label)
    assert label in described

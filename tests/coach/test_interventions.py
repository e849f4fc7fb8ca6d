"""Reading what a coach can draw on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.bootstrap import Assistant
from assistant.coach.interventions import read_repertoire
from assistant.coach.poles import read_poles
from assistant.coach.signs import Sign, read_signs
from assistant.domain import AgendaBlock, CitedText
from assistant.errors import InvalidQuestionnaire

SHIPPED = Path("corpus/coaching")
CONDITIONS = frozenset({"ambitie", "vertrouwen", "besturing", "samenspel", "leren"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the shipped files, to spoil."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "coaching"))


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first ``old`` in a file, which must be there."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_paradox_and_phase_is_served_by_an_intervention_and_a_question(from_cards: Assistant) -> None:
    cards = from_cards.catalogue.cards
    repertoire = read_repertoire(SHIPPED, cards, CONDITIONS)
    wanted = {card.id for card in cards.values() if card.kind in ("fase", "paradox")}
    by_method = {id_ for one in repertoire.methods for id_ in (*one.suits.paradoxes, *one.suits.phases)}
    by_question = {id_ for one in repertoire.questions for id_ in (*one.suits.paradoxes, *one.suits.phases)}
    assert by_method == wanted
    assert by_question == wanted


def test_every_cite_names_a_statement_of_a_card(from_cards: Assistant) -> None:
    cards = from_cards.catalogue.cards
    known = {statement.id for card in cards.values() for statement in card.statements}
    repertoire = read_repertoire(SHIPPED, cards, CONDITIONS)
    cited = [one.question for one in repertoire.questions]
    for method in repertoire.methods:
        cited += [method.intervention.aim, *method.intervention.steps]
    assert known.issuperset(id_ for one in cited for id_ in one.statements)
    assert all(method.intervention.aim.statements for method in repertoire.methods)


def test_the_agenda_leaves_room_for_the_hypothesis_and_the_intervention(from_cards: Assistant) -> None:
    agenda = read_repertoire(SHIPPED, from_cards.catalogue.cards, CONDITIONS).agenda
    text = " ".join(block.text.text for block in agenda)
    assert "{hypothese}" in text
    assert "{interventie}" in text
    assert all(isinstance(block, AgendaBlock) and isinstance(block.text, CitedText) for block in agenda)


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("interventions.yaml", "phases: [formeren", "phases: [formering", "no card 'formering'"),
        ("interventions.yaml", "phases: [formeren", "phases: [alliantie", "of the kind 'fase'"),
        ("interventions.yaml", ": right", ": rechts", "'left', 'right' or 'both'"),
        ("interventions.yaml", "conditions: [vertrouwen", "conditions: [geluk", "no condition 'geluk'"),
        ("interventions.yaml", "  takes:", "  duurt:", "takes: Field required"),
        ("interventions.yaml", "- id: bijdragenwand", "- id: drijfverengesprek", "occurs twice"),
        ("questions.yaml", "cites: [", 'cites: ["formeren | staat er niet", ', "no statement has the words"),
        ("questions.yaml", "cites: [", 'cites: ["nergens | iets", ', "no card 'nergens'"),
        ("agenda.yaml", ": {hypothese}", ": {vermoeden}", "no placeholder 'vermoeden'"),
        ("agenda.yaml", "minutes: 10", "minutes: 0", "greater than 0"),
    ],
)
def test_a_mistake_names_its_file_its_line_and_what_is_wrong(  # noqa: PLR0917 - a table of mistakes
    from_cards: Assistant, folder: Path, name: str, old: str, new: str, reason: str
) -> None:
    spoil(folder, name, old, new)
    with pytest.raises(InvalidQuestionnaire) as caught:
        read_repertoire(folder, from_cards.catalogue.cards, CONDITIONS)
    details = caught.value.details
    assert details["file"] == f"coaching/{name}"
    assert int(details["line"]) > 1
    assert reason in details["reason"]


def test_an_empty_file_is_refused(from_cards: Assistant, folder: Path) -> None:
    (folder / "agenda.yaml").write_text("[]\n", encoding="utf-8")
    with pytest.raises(InvalidQuestionnaire, match="there is nothing in it"):
        read_repertoire(folder, from_cards.catalogue.cards, CONDITIONS)


def test_every_paradox_has_its_poles(from_cards: Assistant, folder: Path) -> None:
    cards = from_cards.catalogue.cards
    assert set(read_poles(SHIPPED / "poles.yaml", cards)) == {
        c.id for c in cards.values() if c.kind == "paradox"
    }
    spoil(folder, "poles.yaml", "- card: inhoud-en-proces", "- card: funderen")
    with pytest.raises(InvalidQuestionnaire, match="isn't both a paradox"):
        read_poles(folder / "poles.yaml", cards)


def test_a_pole_prevails_when_more_of_its_signs_are_told(from_cards: Assistant) -> None:
    poles = read_poles(SHIPPED / "poles.yaml", from_cards.catalogue.cards)["vertrouwen-op-gevoel-en-analyse"]
    assert poles.lean_of("Er komen steeds weer cijfers en een boekenonderzoek.") == "right"
    assert poles.lean_of("Het klikte meteen, dus we hebben elkaar de hand geschud.") == "left"
    assert poles.lean_of("Wij komen vaak bij elkaar.") is None


def test_a_sign_shows_when_all_words_of_a_group_are_in_the_sentence() -> None:
    sign = Sign((("papier", "verdel"), ("dichttimmer",)), None)
    assert sign.shows_in("Nu moet op papier hoe wij de opbrengst verdelen.")
    assert sign.shows_in("De jurist wil alles dichttimmeren.")
    assert not sign.shows_in("Het staat op papier.")
    assert not sign.shows_in("Een onverdeeld succes op papier.")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("funderen | komen er leden bij", "funderen | staat er niet", "no statement has the words"),
        (
            "funderen | spreken af hoe anderen kunnen toetreden",
            "funderen | komen er leden bij",
            "occurs twice",
        ),
        ("  signs: [", "  woorden: [", "signs: Field required"),
    ],
)
def test_a_mistake_in_the_signs_names_its_line(
    from_cards: Assistant, folder: Path, old: str, new: str, reason: str
) -> None:
    spoil(folder, "signs.yaml", old, new)
    with pytest.raises(InvalidQuestionnaire, match=reason) as caught:
        read_signs(folder / "signs.yaml", from_cards.catalogue.cards)
    assert int(caught.value.details["line"]) > 1

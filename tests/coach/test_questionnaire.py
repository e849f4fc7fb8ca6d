"""The shipped files load, and a mistake in one of them is told with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.coach.cites import BETWEEN, Cites
from assistant.coach.questionnaire import read_questionnaire
from assistant.coach.yaml_files import YamlFile
from assistant.domain import CheckKind, card_id_of
from assistant.errors import InvalidQuestionnaire
from tests.coach.checks import FOLDER, shipped, shipped_cards


def test_the_shipped_health_check_has_five_conditions_of_six_items_and_a_pulse_of_one_each() -> None:
    questionnaire = shipped().questionnaire
    assert [len(one.items) for one in questionnaire.conditions] == [6] * 5
    of = {item.id: one.id for one in questionnaire.conditions for item in one.items}
    assert [of[one] for one in questionnaire.asked(CheckKind.PULSE)] == [
        one.id for one in questionnaire.conditions
    ]


def test_everything_that_the_shipped_health_check_cites_is_a_statement_of_a_card() -> None:
    texts = shipped()
    questionnaire = texts.questionnaire
    cited = [
        *(one.statements for one in questionnaire.phase_items),
        *(one.statements for one in questionnaire.settling.values()),
        *(one.statements for one in questionnaire.items),
        *(one.statements for one in questionnaire.tensions),
        *(one.statements for one in questionnaire.open_questions),
        *(one.statements for one in texts.actions),
    ]
    for statements in cited:
        assert statements
        for statement_id in statements:
            card = shipped_cards()[card_id_of(statement_id)]
            assert statement_id in {statement.id for statement in card.statements}


@pytest.mark.parametrize("file", ["questionnaire.yaml", "actions.yaml"])
def test_every_cite_in_a_shipped_file_resolves_as_it_is_written(file: str) -> None:
    cites = Cites(shipped_cards())
    text = (FOLDER / file).read_text(encoding="utf-8")
    written = [part for part in text.split('"') if BETWEEN in part]
    assert len(written) > 40
    for cite in written:
        cites.resolve(cite)


def test_every_item_phase_and_side_of_a_tension_has_an_action() -> None:
    texts = shipped()
    questionnaire = texts.questionnaire
    assert {one.id for one in questionnaire.items} == {item for one in texts.actions for item in one.items}
    assert set(questionnaire.phase_names) == {phase for one in texts.actions for phase in one.phases}
    sides = {(tension, side) for one in texts.actions for tension, side in one.tensions.items()}
    assert sides == {(one.id, side) for one in questionnaire.tensions for side in ("left", "right")}


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("questionnaire.yaml", "minutes: 15", "minuten: 15", "minutes: Field required"),
        ("questionnaire.yaml", "bij wat de alliantie nu aankan", "bij wat zij aankan", "no statement has"),
        ("questionnaire.yaml", "- id: ambitie-helder", "- id: ambitie-gedeeld", "occurs twice"),
        ("questionnaire.yaml", "- id: leren\n", "- id: ambitie\n", "'ambitie' occurs twice"),
        ("questionnaire.yaml", "phases: [transformeren]", "phases: [evolueren]", "'transformeren' is fed by"),
        ("questionnaire.yaml", "phases: [evolueren]", "phases: [evolueren, funderen]", "two phases of"),
        ("questionnaire.yaml", "phases: [evolueren]", "phases: [evolueren, lente]", "no model has the phase"),
        ("questionnaire.yaml", "praten open", "praten " + "heel " * 18 + "open", "more than 18 words"),
        ("questionnaire.yaml", "term: wendbaarheid", "term: lenigheid", "no card 'lenigheid'"),
        ("questionnaire.yaml", "card: inhoud-en-proces", "card: vorm-en-vent", "no card 'vorm-en-vent'"),
        ("questionnaire.yaml", "  - niet mee eens\n", "", "scale: Tuple should have at least 5"),
        ("questionnaire.yaml", "  formeren: Formeren\n", "", "phase_names: 'formeren' is missing"),
        ("questionnaire.yaml", "  - leren-stilstaan\n", "", "some condition has no item"),
        ("questionnaire.yaml", "  - leren-stilstaan\n", "  - ambitie-helder\n", "'ambitie' has one already"),
        ("questionnaire.yaml", "  - leren-stilstaan\n", "  - leren-lopen\n", "no condition has this item"),
        (
            "actions.yaml",
            "items: [leren-tegenspraak]",
            "items: [leren-zwijgen]",
            "'leren-zwijgen' is unknown",
        ),
        ("actions.yaml", "phases: [evolueren]", "phases: [lente]", "phases: 'lente' is unknown"),
        ("actions.yaml", "{maatschappij-en-bedrijf: right}", "{geluk: right}", "'geluk' is unknown"),
        ("actions.yaml", "{maatschappij-en-bedrijf: right}", "{maatschappij-en-bedrijf: up}", "'left' or"),
        ("actions.yaml", "- id: samen-analyseren", "- id: leeragenda-opstellen", "occurs twice"),
        ("actions.yaml", "Organiseer dat mensen elkaar tegenspreken", "Zwijg", "no statement has"),
        ("norms.yaml", "{hoog}", "{hoogst}", "unknown place"),
        ("norms.yaml", "from: 2.6", "from: 3.6", "they don't rise"),
    ],
)
def test_a_mistake_names_the_file_the_line_and_the_reason(
    tmp_path: Path, file: str, old: str, new: str, reason: str
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "health_check")
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidQuestionnaire) as caught:
        read_questionnaire(folder, shipped_cards())
    assert caught.value.details["file"] == f"health_check/{file}"
    assert reason in caught.value.details["reason"]
    assert int(caught.value.details["line"]) >= 1


def test_the_line_is_that_of_the_cite_that_does_not_resolve(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "health_check")
    path = folder / "questionnaire.yaml"
    text = path.read_text(encoding="utf-8").replace("bij wat de alliantie nu aankan", "bij wat zij aankan")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidQuestionnaire) as caught:
        read_questionnaire(folder, shipped_cards())
    line = text.splitlines()[int(caught.value.details["line"]) - 1]
    assert "bij wat zij aankan" in line


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuestionnaire) as caught:
        read_questionnaire(tmp_path, shipped_cards())
    assert caught.value.details["file"].endswith("/questionnaire.yaml")


def test_the_line_of_a_list_is_that_of_its_part(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("- a\n- b\n", encoding="utf-8")
    assert YamlFile.read(path).mistake("no", 1).details["line"] == "2"

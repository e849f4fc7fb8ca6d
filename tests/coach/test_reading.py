"""Answers in plain words, as people in a hurry type them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.cues import Command, Cues
from assistant.coach.reading import Reader, is_one_off
from assistant.errors import InvalidQuestionnaire

CUES = Path(__file__).parents[2] / "prompts" / "interview_cues.yaml"
SCALE = (
    "helemaal niet mee eens",
    "niet mee eens",
    "niet eens, niet oneens",
    "mee eens",
    "helemaal mee eens",
)
POLES = ("Vertrouwen in elkaar", "Controle op elkaar")
POSITIONS = (
    "vooral vertrouwen in elkaar",
    "eerder vertrouwen in elkaar",
    "in het midden",
    "eerder controle op elkaar",
    "vooral controle op elkaar",
)
READER = Reader(Cues.read(CUES), SCALE, "Niet van toepassing of weet ik niet")

FOUR = """mee eens / Mee eens. / eens / 4 / vier / een 4 / Een vier denk ik / doe maar een 4 / geef ik
        een 4 / 4 van de 5 / ja / Ja hoor / jep / joa / yes / yep / jaaaa / klopt / dat klopt / dat is
        waar / inderdaad / idd / best wel / meestal wel / meestal / vaak / ik ben het er mee eens /
        daar ben ik het mee eens / wel mee eens / grotendeels mee eens / best mee eens / eerder eens
        dan oneens / mee ens / me eens / agree / mostly / in grote lijnen / vaak wel / volgens mij wel
        mee eens / mee-eens / daar kan ik me in vinden / denk het wel / bijna altijd / ja dat doen we
        / akkoord / juist"""
SURE = {
    1: """helemaal niet mee eens / Helemaal niet / 1 / een 1tje / helemaal oneens / helemaal mee oneens
        / absoluut niet / nee, absoluut niet / nooit / Nooit! / zeker niet / totaal niet mee eens /
        volstrekt oneens / in geen geval / never / strongly disagree / bij lange na niet / hemaal nie
        mee eens / klopt niks van / geenszins / nee joh, echt niet / zeer mee oneens / één / noooit /
        wij doen dat nooit""",
    2: """niet mee eens / mee oneens / oneens / 2 / twee / een tweetje / nee / neen / Nee hoor. / nope /
        niet echt / nou, niet echt / niet zo / nie zo / zelden / nauwelijks / nee niet echt / klopt
        niet / daar ben ik het niet mee eens / ben ik niet mee eens / mee oneesn / on eens / not
        really / disagree / eerder oneens dan eens / weinig / meestal niet / grotendeels oneens / niet
        zo mee eens""",
    3: """neutraal / 3 / drie / een 3 / 3 van 5 / niet eens, niet oneens / niet eens maar ook niet
        oneens / deels / gedeeltelijk / half om half / 50/50 / fifty-fifty / fifty fifty / soms / ja,
        soms / soms wel, soms niet / ja en nee / af en toe / ten dele mee eens / er tussenin / neutral
        / sometimes / nuetraal / deels mee eens / Soms wel""",
    4: FOUR,
    5: """helemaal mee eens / helemaal eens / 5 / vijf / 5 van de 5 / 5/5 / absoluut / ja absoluut /
        altijd / volledig mee eens / zeer mee eens / honderd procent / 100% / 100% mee eens / helemaal
        waar / roerend mee eens / klopt als een bus / fully agree / strongly agree / helmaal mee eens
        / heeeel erg mee eens / ja, helemaal / nou en of / volmondig ja / absoluut mee eesn / helemaal
        me eens""",
}
UNSURE = {
    1: "een / tuurlijk niet / waardeloos / heel slecht",
    2: """kan beter / dat kan wel wat beter / valt tegen / valt me tegen / slecht / minder / nog niet /
        helaas niet / niet meer / was het maar waar / stroef / matigjes / 👎 / een beetje oneens / niet
        / ik betwijfel het / 2+ / nee?""",
    3: """wel eens / mwah / mwoah / gaat wel / kan ermee door / redelijk / een beetje / 'n bietje /
        hangt ervan af / ligt eraan / niet altijd / niet helemaal / niet helemaal mee eens / zo zo /
        verschilt per partner / niet overal / niet mee oneens / enigszins / 3? / misschien / tot op
        zekere hoogte / it depends / krappe 3""",
    4: """ja maar... / goed / prima / zal wel / helaas wel / best goed / redelijk mee eens / een beetje
        mee eens / 4- / dikke 4 / bijna helemaal mee eens / helemaal niet mee oneens / 👍 /
        waarschijnlijk wel / 4?""",
    5: "zeker / zeker wel / natuurlijk / tuurlijk / uitstekend / jazeker / perfect / kan niet beter",
}
UNJUDGED = """n.v.t. / nvt / N.V.T / geen idee / weet ik niet / weet niet / ik weet het niet / geen mening /
        kan ik niet beoordelen / niet van toepassing / zou ik niet weten / geen zicht op / no idea /
        dat weet ik niet / Niet van toepassing of weet ik niet"""
TORN = {
    (4, 5): "4 of 5 / 4 à 5 / tussen 4 en 5 / vier of vijf / 4-5 / 4/5",
    (3, 4): "3,5 / 3.5 / 3½ / drie of vier / 3 of misschien 4 / twijfel tussen 3 en 4 / tussen de 3 en de 4",
    (4, 3): "mee eens, maar niet altijd / eens, maar niet helemaal",
    (2, 3): "nee, soms wel",
    (None, 3): "geen idee, 3",
}
UNREAD = """7 / een 8 / 8 van de 10 / 4/10 / 0 / 80% / 44 / 3 partners zijn het eens / 2 keer per jaar / 5
        jaar geleden wel / één van de partners doet niet mee / oké / haha / asdf / de gemeente wil
        niet / wij vergaderen elke week / wat een onzin zeg / hallo / dank u / partner A is het er mee
        eens en B niet / ? / ... / vertrouwen / -4 / 1 2 3 / ons bestuur zegt altijd ja / niemand weet
        wat wij vinden / iedereen roept dat het goed gaat / eens of oneens / 1 op 5 / pfff / het
        bestuur doet dat wel / zij nooit"""


def spelled(listed: str) -> list[str]:
    """Return the answers, which stand between slashes with a space on both sides."""
    return " ".join(listed.split()).split(" / ")


def cases(by_score: dict[int, str]) -> list[tuple[str, int]]:
    return [(one, score) for score, listed in by_score.items() for one in spelled(listed)]


@pytest.mark.parametrize(("answer", "score"), cases(SURE))
def test_a_clear_answer_is_read(answer: str, score: int) -> None:
    reading = READER.read(answer)
    assert reading is not None
    assert (reading.scores, reading.is_sure, reading.remark) == ((score,), True, "")


@pytest.mark.parametrize(("answer", "score"), cases(UNSURE))
def test_a_loose_answer_is_asked_back(answer: str, score: int) -> None:
    reading = READER.read(answer)
    assert reading is not None
    assert (reading.scores, reading.is_sure) == ((score,), False)


@pytest.mark.parametrize("answer", spelled(UNJUDGED))
def test_who_cannot_judge_is_understood(answer: str) -> None:
    reading = READER.read(answer)
    assert reading is not None
    assert (reading.scores, reading.is_sure) == ((None,), True)


@pytest.mark.parametrize(
    ("answer", "scores"), [(one, two) for two, listed in TORN.items() for one in spelled(listed)]
)
def test_an_answer_that_points_both_ways_is_not_chosen_from(answer: str, scores: tuple[int, int]) -> None:
    reading = READER.read(answer)
    assert reading is not None
    assert (reading.scores, reading.is_sure) == (scores, False)


@pytest.mark.parametrize("answer", spelled(UNREAD))
def test_what_is_no_answer_is_not_read(answer: str) -> None:
    assert READER.read(answer) is None


@pytest.mark.parametrize(
    ("answer", "score", "remark"),
    [
        ("4, maar bij de gemeente minder", 4, "bij de gemeente minder"),
        ("4 maar bij de gemeente 2", 4, "bij de gemeente 2"),
        ("Mee eens, want wij zien elkaar elke week.", 4, "wij zien elkaar elke week."),
        ("nee omdat niemand daar tijd voor heeft", 2, "omdat niemand daar tijd voor heeft"),
        ("helemaal niet mee eens: het bestuur beslist alles", 1, "het bestuur beslist alles"),
        ("n.v.t., wij zijn net begonnen", None, "wij zijn net begonnen"),
        ("3 - wisselt sterk per directeur", 3, "wisselt sterk per directeur"),
        ("4 (mee eens)", 4, ""),
        ("5\nDit gaat echt vanzelf", 5, "Dit gaat echt vanzelf"),
        ("soms, vooral als er druk op staat", 3, "vooral als er druk op staat"),
        ("4. De 3 gemeenten trekken goed op", 4, "De 3 gemeenten trekken goed op"),
    ],
)
def test_what_follows_an_answer_is_the_remark(answer: str, score: int | None, remark: str) -> None:
    reading = READER.read(answer)
    assert reading is not None
    assert (reading.scores, reading.is_sure, reading.remark) == ((score,), True, remark)


@pytest.mark.parametrize(
    ("answer", "is_sure"),
    [
        ("ja", False),
        ("nee", False),
        ("nooit", False),
        ("mee eens", True),
        ("4", True),
        ("n.v.t.", True),
        ("soms", True),
    ],
)
def test_a_bare_yes_or_no_to_a_denial_is_asked_back(answer: str, is_sure: bool) -> None:
    reading = READER.read(answer, "Wij spreken elkaar nooit tegen.")
    assert reading is not None
    assert reading.is_sure is is_sure


@pytest.mark.parametrize(
    ("answer", "scores", "is_sure"),
    [
        ("vooral controle", (2,), True),
        ("helemaal controle", (2,), True),
        ("Vooral controle op elkaar", (2,), True),
        ("meer naar links", (-1,), True),
        ("iets naar rechts", (1,), True),
        ("net links van het midden", (-1,), True),
        ("precies in het midden", (0,), True),
        ("midden", (0,), True),
        ("in balans", (0,), True),
        ("half om half", (0,), True),
        ("een beetje meer vertrouwen", (-1,), True),
        ("meer vertrouwen dan controle", (-1,), True),
        ("eerder vertrouwen dan controle", (-1,), True),
        ("veel meer controle dan vertrouwen", (2,), True),
        ("uiterst rechts", (2,), True),
        ("vooral vertrowuen", (-2,), True),
        ("1", (-2,), True),
        ("een 5", (2,), True),
        ("3", (0,), True),
        ("-2", (-2,), True),
        ("+1", (1,), True),
        ("geen idee", (None,), True),
        ("n.v.t.", (None,), True),
        ("controle", (2, 1), False),
        ("links", (-2, -1), False),
        ("beide", (0,), False),
        ("wisselt", (0,), False),
        ("0", (0,), False),
        ("2 of 3", (-1, 0), False),
        ("bij de directie vooral controle", (2,), False),
    ],
)
def test_a_position_between_poles_is_read(answer: str, scores: tuple[int | None, ...], is_sure: bool) -> None:
    reading = READER.read_position(answer, POSITIONS, POLES)
    assert reading is not None
    assert (reading.scores, reading.is_sure) == (scores, is_sure)


@pytest.mark.parametrize(
    "answer",
    [
        "ja",
        "mee eens",
        "7",
        "-4",
        "geen controle",
        "niet zoveel vertrouwen",
        "elkaar",
        "vertrouwen en controle",
    ],
)
def test_what_is_no_position_is_not_read(answer: str) -> None:
    assert READER.read_position(answer, POSITIONS, POLES) is None


def test_a_remark_follows_a_position_too() -> None:
    reading = READER.read_position("vooral controle, want het gaat om veel geld", POSITIONS, POLES)
    assert reading is not None
    assert (reading.scores, reading.is_sure, reading.remark) == ((2,), True, "het gaat om veel geld")


@pytest.mark.parametrize(
    ("message", "command"),
    [
        ("stop", Command.STOP),
        ("ik stop ermee", Command.STOP),
        ("Later verder", Command.STOP),
        ("kunnen we later verder gaan?", Command.STOP),
        ("even pauze", Command.STOP),
        ("ik moet weg", Command.STOP),
        ("stopen", Command.STOP),
        ("terug", Command.BACK),
        ("terrug", Command.BACK),
        ("vorige vraag", Command.BACK),
        ("ga eens terug", Command.BACK),
        ("oeps, foutje", None),
        ("sla over", Command.SKIP),
        ("sla deze maar over", Command.SKIP),
        ("overslaan graag", Command.SKIP),
        ("volgende", Command.SKIP),
        ("dat zeg ik liever niet", None),
        ("verder", Command.GO_ON),
        ("herhaal de vraag", Command.AGAIN),
        ("wat betekent 4 ook alweer?", Command.SCALE),
        ("hoeveel vragen nog?", Command.PROGRESS),
        ("is dit wel anoniem?", Command.PRIVACY),
        ("wie kan mijn antwoorden zien?", Command.PRIVACY),
        ("4", None),
        ("nee", None),
        ("stoppen met vergaderen zou helpen", None),
    ],
)
def test_a_command_is_told_from_an_answer(message: str, command: Command | None) -> None:
    assert READER.command(message) is command


@pytest.mark.parametrize("answer", ["7", "een 8", "10", "80%", "4/10", "een zesje", "0"])
def test_a_number_off_the_scale_is_recognised_as_such(answer: str) -> None:
    assert READER.is_beyond(answer)


@pytest.mark.parametrize("number", range(1, 6))
def test_every_label_is_read_as_itself(number: int) -> None:
    for reading in (READER.read(SCALE[number - 1]), READER.read(SCALE[number - 1].upper())):
        assert reading is not None
        assert (reading.scores, reading.is_sure) == ((number,), True)
    placed = READER.read_position(POSITIONS[number - 1], POSITIONS, POLES)
    assert placed is not None
    assert (placed.scores, placed.is_sure) == ((number - 3,), True)


@given(st.text())
def test_no_text_gives_a_score_off_the_scale(text: str) -> None:
    reading, position = READER.read(text), READER.read_position(text, POSITIONS, POLES)
    assert reading is None or set(reading.scores) <= {None, 1, 2, 3, 4, 5}
    assert position is None or set(position.scores) <= {None, -2, -1, 0, 1, 2}


@given(st.sampled_from(cases(SURE)), st.sampled_from(["", " ", "  "]), st.booleans())
def test_capitals_and_spaces_change_nothing(case: tuple[str, int], space: str, is_loud: bool) -> None:
    answer, score = case
    reading = READER.read(f"{space}{answer.upper() if is_loud else answer}{space}")
    assert reading is not None
    assert reading.scores == (score,)


@pytest.mark.parametrize(
    ("word", "other", "is_near"),
    [
        ("terug", "terug", True),
        ("terrug", "terug", True),
        ("treug", "terug", True),
        ("terig", "terug", True),
        ("tergu", "terug", True),
        ("teruf", "terug", True),
        ("altijd", "terug", False),
        ("retug", "terug", False),
    ],
)
def test_a_word_may_have_one_letter_amiss(word: str, other: str, is_near: bool) -> None:
    assert is_one_off(word, other) is is_near


def test_a_pattern_that_cannot_be_read_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    wrong = tmp_path / "cues.yaml"
    wrong.write_text(
        CUES.read_text(encoding="utf-8").replace("nothing: '(?:", "nothing: '(?:(("), encoding="utf-8"
    )
    with pytest.raises(InvalidQuestionnaire, match=r"cues\.yaml"):
        Cues.read(wrong)

"""The health check as a conversation, with a small questionnaire."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.prompts import Texts
from assistant.coach.interview import Interview, Interviewer, Reply, Stage
from assistant.domain import (
    CheckKind,
    Condition,
    Item,
    OpenQuestion,
    PhaseItem,
    Questionnaire,
    Response,
    Tension,
)

PROMPTS = Path(__file__).parents[2] / "prompts"
TEXTS = Texts.read(PROMPTS / "interview.yaml")
QUESTIONNAIRE = Questionnaire(
    version="proef",
    title="Health check",
    minutes=3,
    introduction="In een kwartier.",
    disclaimer="Een gespreksstarter.",
    scale=(
        "helemaal niet mee eens",
        "niet mee eens",
        "niet eens, niet oneens",
        "mee eens",
        "helemaal mee eens",
    ),
    not_applicable="Niet van toepassing of weet ik niet",
    models=(),
    phase_names={"formeren": "Formeren"},
    phase_items=(PhaseItem("fase-kennen", "Wij leren elkaar kennen.", ("formeren",), ("formeren#1",)),),
    settling={},
    conditions=(
        Condition(
            "vertrouwen",
            "Vertrouwen",
            "Over geloof in elkaar.",
            (
                Item("v-contract", "Wij steunen op informatie.", "calculatief-vertrouwen", ()),
                Item("v-tijd", "Wij nemen de tijd.", "relationeel-vertrouwen", ()),
            ),
        ),
        Condition(
            "leren", "Leren", "Over stilstaan.", (Item("l-tegen", "Wij zwijgen nooit.", "conflicten", ()),)
        ),
    ),
    tensions=(
        Tension("t-controle", "vertrouwen-en-controle", "Waarop leunt u?", "Vertrouwen", "Controle", ()),
    ),
    open_questions=(OpenQuestion("o-helpt", "Wat zou helpen?", ()),),
    pulse=("v-tijd", "l-tegen"),
)
FULL = Interviewer(QUESTIONNAIRE, CheckKind.FULL, TEXTS, PROMPTS / "interview_cues.yaml")
ORDER = QUESTIONNAIRE.asked(CheckKind.FULL)
SCORED = ORDER[:-1]


class Talk:
    """A respondent's side: keeps what is to be saved, as the caller does."""

    def __init__(self, interviewer: Interviewer = FULL) -> None:
        self.interviewer = interviewer
        self.saved: dict[str, Response] = {}
        self.last = interviewer.open({})

    def say(self, *messages: str) -> Reply:
        for message in messages:
            self.last = self.interviewer.reply(self.last.interview, message, self.saved)
            self.saved |= {one.item_id: one for one in self.last.save}
        return self.last

    def resume(self) -> Reply:
        self.last = self.interviewer.open(self.saved)
        return self.last


def test_it_opens_with_an_introduction_and_the_first_question() -> None:
    reply = FULL.open({})
    for said in ("In een kwartier.", "Een gespreksstarter.", "Vraag 1 van 6", "Wij leren elkaar kennen."):
        assert said in reply.markdown
    assert reply.interview == Interview("fase-kennen")
    assert reply.choices[:5] == (
        "Helemaal niet mee eens",
        "Niet mee eens",
        "Niet eens, niet oneens",
        "Mee eens",
        "Helemaal mee eens",
    )
    assert "Terug" not in reply.choices


def test_a_clear_answer_is_saved_and_echoed_before_the_next_question() -> None:
    talk = Talk()
    reply = talk.say("4, maar bij de gemeente minder")
    assert reply.save == (Response("fase-kennen", 4, "bij de gemeente minder"),)
    assert reply.markdown.startswith("Genoteerd: mee eens, met uw toelichting erbij.")
    assert "Vraag 2 van 6 · Vertrouwen" in reply.markdown


def test_a_new_block_is_announced_once() -> None:
    talk = Talk()
    assert "Over geloof in elkaar." in talk.say("4").markdown
    assert "Over geloof in elkaar." not in talk.say("4").markdown
    assert "Over stilstaan." in talk.say("4").markdown


def test_an_unsure_answer_is_saved_after_a_yes_only() -> None:
    talk = Talk()
    asked = talk.say("valt tegen")
    assert "‘niet mee eens’ (2 van 5)" in asked.markdown
    assert (asked.save, asked.choices[:2]) == ((), ("Ja", "Nee"))
    assert talk.say("ja").save == (Response("fase-kennen", 2),)


@pytest.mark.parametrize(
    ("message", "score"), [("nee, 4", 4), ("nee, helemaal mee eens", 5), ("3", 3), ("nee 1", 1)]
)
def test_another_answer_instead_of_a_yes_is_taken(message: str, score: int) -> None:
    talk = Talk()
    talk.say("valt tegen")
    assert talk.say(message).save == (Response("fase-kennen", score),)


def test_a_no_asks_again_and_saves_nothing() -> None:
    talk = Talk()
    reply = talk.say("valt tegen", "nee, dat klopt niet")
    assert (reply.save, reply.interview) == ((), Interview("fase-kennen"))
    assert "Wij leren elkaar kennen." in reply.markdown


def test_a_yes_with_more_adds_the_remark() -> None:
    talk = Talk()
    assert talk.say("valt tegen", "ja, vooral bij ons").save == (
        Response("fase-kennen", 2, "vooral bij ons"),
    )


def test_an_unread_reply_to_what_was_understood_asks_for_a_yes_again() -> None:
    talk = Talk()
    reply = talk.say("valt tegen", "tralala")
    assert "Klopt dat?" in reply.markdown
    assert reply.interview.pending == Response("fase-kennen", 2)


def test_an_answer_that_points_both_ways_offers_both() -> None:
    talk = Talk()
    reply = talk.say("4 of 5")
    assert (reply.save, reply.choices[:2]) == ((), ("Mee eens", "Helemaal mee eens"))
    assert talk.say("4").save == (Response("fase-kennen", 4),)


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("wat bedoel je met calculatief?", "Wat is calculatief vertrouwen?"),
        ("wat is calculatief vertrouwen", "Wat is calculatief vertrouwen?"),
        ("wat bedoel je?", "Wat is calculatief vertrouwen?"),
        ("leg uit", "Wat is calculatief vertrouwen?"),
        ("?", "Wat is calculatief vertrouwen?"),
        ("ik snap het niet", "Wat is calculatief vertrouwen?"),
        ("geen idee wat je bedoelt", "Wat is calculatief vertrouwen?"),
        ("wat betekent dit", "Wat is calculatief vertrouwen?"),
        ("wat wordt bedoeld met reputatie?", "wat wordt bedoeld met reputatie?"),
        ("wat is een paradox?", "Wat is paradox?"),
        ("hoezo?", "Waarom is calculatief vertrouwen belangrijk in een alliantie?"),
        ("waarom vraag je dit?", "Waarom is calculatief vertrouwen belangrijk in een alliantie?"),
        ("Welke rollen heeft een alliantiemanager?", "Welke rollen heeft een alliantiemanager?"),
    ],
)
def test_a_question_is_passed_on_and_its_own_question_repeated(message: str, question: str) -> None:
    talk = Talk()
    talk.say("4")
    reply = talk.say(message)
    assert (reply.explain, reply.term, reply.save) == (question, "calculatief-vertrouwen", ())
    assert "Wij steunen op informatie." in reply.markdown
    assert reply.interview == Interview("v-contract")


def test_an_answer_with_a_question_waits_until_that_is_explained() -> None:
    talk = Talk()
    talk.say("4")
    reply = talk.say("4, maar wat bedoel je met calculatief?")
    assert reply.explain == "Wat is calculatief vertrouwen?"
    assert "Klopt dat?" in reply.markdown
    assert talk.say("ja").save == (Response("v-contract", 4),)


def test_what_cannot_be_read_is_said_and_the_choices_are_repeated() -> None:
    talk = Talk()
    reply = talk.say("asdf")
    assert reply.save == ()
    assert "kan ik nog niet plaatsen" in reply.markdown
    assert "1 = helemaal niet mee eens" in reply.markdown


def test_a_number_off_the_scale_is_not_saved() -> None:
    reply = Talk().say("8")
    assert reply.save == ()
    assert "van 1 tot en met 5" in reply.markdown


def test_a_story_without_a_score_becomes_the_remark_of_the_score_that_follows() -> None:
    talk = Talk()
    reply = talk.say("De gemeente wil wel maar het bestuur treuzelt.")
    assert (reply.save, reply.interview.at) == ((), "fase-kennen")
    assert talk.say("2").save == (
        Response("fase-kennen", 2, "De gemeente wil wel maar het bestuur treuzelt."),
    )


def test_going_back_shows_the_answer_and_changing_it_goes_on_where_it_was() -> None:
    talk = Talk()
    talk.say("4, met moeite", "5", "3")
    reply = talk.say("terug", "terug", "terug")
    assert "U antwoordde: mee eens. Uw toelichting: ‘met moeite’." in reply.markdown
    assert talk.say("2").interview.at == "l-tegen"
    assert talk.saved["fase-kennen"] == Response("fase-kennen", 2)


def test_going_back_leaves_the_answer_as_it_is_when_one_goes_on() -> None:
    talk = Talk()
    reply = talk.say("4", "5", "terug", "verder")
    assert (reply.save, reply.interview.at) == ((), "v-tijd")


def test_the_first_question_has_none_before_it() -> None:
    reply = Talk().say("terug")
    assert "eerste vraag" in reply.markdown
    assert reply.interview.at == "fase-kennen"


def test_a_question_can_be_gone_to_by_its_number() -> None:
    talk = Talk()
    assert talk.say("naar vraag 4").interview.at == "l-tegen"
    assert "1 tot en met 6" in talk.say("naar vraag 9").markdown


def test_what_was_skipped_is_offered_once_at_the_end() -> None:
    talk = Talk()
    offered = talk.say("sla over", "4", "overslaan", "4", "3", "meer overleg")
    assert (offered.interview.stage, offered.is_finished) == (Stage.OFFERING, False)
    assert "2 vragen overgeslagen" in offered.markdown
    assert talk.say("ja graag").interview.at == "fase-kennen"
    assert talk.say("4").interview.at == "v-tijd"
    assert talk.say("sla over").is_finished
    assert "v-tijd" not in talk.saved


@pytest.mark.parametrize("message", ["nee", "nee hoor", "hoeft niet", "laat maar", "sla over"])
def test_what_was_skipped_is_not_forced(message: str) -> None:
    talk = Talk()
    talk.say("sla over", "4", "4", "4", "3", "meer overleg")
    reply = talk.say(message)
    assert (reply.is_finished, reply.interview.at) == (True, None)


def test_an_offer_is_repeated_until_it_is_taken_or_not() -> None:
    talk = Talk()
    talk.say("sla over", "4", "4", "4", "3", "meer overleg")
    assert talk.say("4").save == ()
    assert talk.last.interview.stage is Stage.OFFERING


def test_an_open_question_takes_any_text_and_questions_too() -> None:
    talk = Talk()
    talk.say("4", "4", "4", "4", "3")
    assert "leg uit" not in talk.last.markdown
    reply = talk.say("Hoe krijgen wij het bestuur mee in wat wij doen?")
    assert reply.save == (Response("o-helpt", None, "Hoe krijgen wij het bestuur mee in wat wij doen?"),)
    assert reply.is_finished


@pytest.mark.parametrize("message", ["sla over", "nee", "niets", "geen idee", "weet ik niet"])
def test_an_open_question_without_an_answer_stays_empty(message: str) -> None:
    talk = Talk()
    reply = talk.say("4", "4", "4", "4", "3", message)
    assert (reply.save, reply.is_finished) == ((), True)


def test_an_open_question_can_be_explained() -> None:
    talk = Talk()
    reply = talk.say("4", "4", "4", "4", "3", "wat bedoel je?")
    assert (reply.save, reply.explain, reply.interview.at) == ((), None, "o-helpt")


@pytest.mark.parametrize(
    ("message", "score"),
    [("vooral controle", 2), ("meer naar links", -1), ("precies in het midden", 0), ("1", -2)],
)
def test_a_tension_is_answered_by_its_poles(message: str, score: int) -> None:
    talk = Talk()
    talk.say("4", "4", "4", "4")
    assert "1 = vooral vertrouwen" in talk.last.markdown
    assert talk.say(message).save == (Response("t-controle", score),)


def test_a_pole_alone_asks_how_far() -> None:
    talk = Talk()
    reply = talk.say("4", "4", "4", "4", "controle")
    assert reply.choices[:2] == ("Vooral controle", "Eerder controle")


def test_a_bare_no_to_a_denial_is_asked_back() -> None:
    talk = Talk()
    assert "Klopt dat?" in talk.say("4", "4", "4", "nee").markdown


def test_stopping_keeps_everything_and_says_so() -> None:
    talk = Talk()
    reply = talk.say("4", "ik stop ermee")
    assert (reply.is_stopped, reply.is_finished, reply.save) == (True, False, ())
    assert "bewaard" in reply.markdown
    assert talk.say("verder").interview.at == "v-contract"
    assert "vraag 2 van 6" in talk.resume().markdown


def test_a_finished_check_can_still_be_gone_back_into() -> None:
    talk = Talk()
    talk.say("4", "4", "4", "4", "3", "meer overleg")
    assert talk.last.is_finished
    assert talk.say("dank u").is_finished
    reply = talk.say("terug")
    assert "U schreef: ‘meer overleg’" in reply.markdown
    assert talk.say("minder overleg").is_finished
    assert talk.saved["o-helpt"].remark == "minder overleg"


def test_what_people_typed_is_shown_as_it_is() -> None:
    talk = Talk()
    talk.say("4, <b>wij*zij*</b> {naam}", "terug")
    assert r"\<b\>wij\*zij\*\</b\> \{naam\}" in talk.last.markdown


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("is dit anoniem?", "minder dan drie"),
        ("hoeveel vragen nog?", "1 beantwoord"),
        ("wat betekent 4?", "4 = mee eens"),
    ],
)
def test_questions_about_the_check_are_answered_at_once(message: str, said: str) -> None:
    talk = Talk()
    reply = talk.say("4", message)
    assert said in reply.markdown
    assert (reply.explain, reply.interview.at) == (None, "v-contract")


def test_a_pulse_asks_its_own_items_and_announces_no_blocks() -> None:
    talk = Talk(Interviewer(QUESTIONNAIRE, CheckKind.PULSE, TEXTS, PROMPTS / "interview_cues.yaml"))
    assert "Vraag 1 van 2 · Vertrouwen" in talk.last.markdown
    reply = talk.say("4")
    assert "Over stilstaan." not in reply.markdown
    assert talk.say("mee eens").is_finished


@pytest.mark.parametrize("place", range(1, len(ORDER)))
def test_every_choice_is_understood(place: int) -> None:
    saved = {one: Response(one, 0) for one in ORDER[:place]}
    interview = Interview(ORDER[place])
    *answers, explain, skip, back, stop = FULL.open(saved).choices
    assert len(answers) == (6 if ORDER[place] in SCORED else 0)
    scores = [one.score for answer in answers for one in FULL.reply(interview, answer, saved).save]
    assert len(set(scores)) == len(answers)
    assert FULL.reply(interview, explain, saved).markdown.startswith(("Nu terug", "Er is geen"))
    assert FULL.reply(interview, skip, saved).interview.at != ORDER[place]
    assert FULL.reply(interview, back, saved).interview.at == ORDER[place - 1]
    assert FULL.reply(interview, stop, saved).is_stopped


def test_a_place_that_no_longer_exists_is_found_back_from_what_was_saved() -> None:
    saved = {"fase-kennen": Response("fase-kennen", 4)}
    assert FULL.reply(Interview("verdwenen"), "4", saved).interview.at == "v-contract"


MESSAGES = st.sampled_from(
    [
        "4",
        "ja",
        "nee",
        "soms",
        "valt tegen",
        "4 of 5",
        "terug",
        "sla over",
        "stop",
        "verder",
        "wat bedoel je?",
        "naar vraag 3",
        "vooral controle",
        "8",
        "",
        "geen idee",
        "Wij zien elkaar te weinig om dat te weten",
    ]
) | st.text(max_size=40)


@given(st.lists(MESSAGES, max_size=25))
def test_every_message_gets_a_reply_and_no_score_leaves_the_scale(messages: list[str]) -> None:
    talk = Talk()
    for message in messages:
        reply = talk.say(message)
        assert reply.markdown.strip()
        assert reply.is_finished == (reply.interview.at is None)
        for one in reply.save:
            assert one.item_id in ORDER
            allowed = (None,) if one.item_id == "o-helpt" else (None, -2, -1, 0, 1, 2)
            assert one.score in (
                allowed if one.item_id in ("o-helpt", "t-controle") else (None, 1, 2, 3, 4, 5)
            )


@pytest.mark.parametrize(
    "words", ["wat ", "soms, ", "mee eens maar ", "wat bedoel je met ", "x", "4 ", "? ", "\n", "ja, "]
)
def test_a_message_of_any_length_gets_a_reply_in_time(words: str) -> None:
    message = words * (20_000 // len(words))
    before = time.monotonic()
    for interview in (
        Interview("v-contract"),
        Interview("t-controle"),
        Interview("o-helpt"),
        Interview(None),
    ):
        assert FULL.reply(interview, message, {}).markdown
    assert time.monotonic() - before < 5


def finish(talk: Talk, answers: Mapping[str, str], stops: Iterable[int]) -> dict[str, Response]:
    """Answer by item, yes to what is asked back, no to the offer; stop and come back at some turns."""
    breaks = set(stops)
    for turn in range(60):
        at, waiting = talk.last.interview.at, talk.last.interview.pending
        if turn in breaks:
            talk.say("stop")
            talk.resume()
        elif at is None:
            return talk.saved
        elif talk.last.interview.stage is Stage.OFFERING:
            talk.say("nee")
        else:
            talk.say("ja" if waiting else answers[at])
    raise AssertionError("the interview doesn't end")


ANSWERS = st.fixed_dictionaries(
    {
        **dict.fromkeys(
            SCORED[:-1], st.sampled_from(["4", "nee", "soms, vooral nu", "valt tegen", "sla over", "n.v.t."])
        ),
        "t-controle": st.sampled_from(["1", "vooral controle", "beide", "sla over", "geen idee"]),
        "o-helpt": st.sampled_from(["meer tijd", "sla over", "nee"]),
    }
)


@given(ANSWERS, st.sets(st.integers(0, 20), max_size=6))
def test_stopping_and_coming_back_anywhere_ends_with_the_same_answers(
    answers: dict[str, str], stops: set[int]
) -> None:
    assert finish(Talk(), answers, stops) == finish(Talk(), answers, ())

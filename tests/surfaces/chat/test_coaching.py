"""The health check in the conversation, over real cards and a real database."""

from __future__ import annotations

import re

import pytest

from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.domain import CheckKind, Ending, Question, Respondent
from assistant.errors import StorageUnavailable
from assistant.settings import Settings
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.chat.conversation import Exchange, View, converse, history, session_of
from tests.bootstrap.checking import all_answers, make

CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}\b")


class Visit:
    """A conversation, of which each message goes on from the last."""

    def __init__(self, assistant: Assistant, coach: ChatCoach) -> None:
        self._assistant, self._coach = assistant, coach
        self.view = View()

    def say(self, message: str) -> str:
        *_, self.view = converse(self._assistant, Question(message), self.view.remembered, self._coach)
        return self.last.markdown

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.view.exchanges

    @property
    def last(self) -> Exchange:
        return self.exchanges[-1]

    @property
    def code(self) -> str:
        found = CODE.search(self.exchanges[0].markdown)
        assert found
        return found[0]


@pytest.fixture
def chat_coach(coach: Coach, from_cards: Assistant, card_settings: Settings) -> ChatCoach:
    return ChatCoach(coach.checks, from_cards, card_settings.prompts)


@pytest.fixture
def talk(chat_coach: ChatCoach, from_cards: Assistant) -> Visit:
    return Visit(from_cards, chat_coach)


@pytest.mark.parametrize(
    "text",
    ["Doe de health check", "Kunnen we een health-check doen?", "health check", "begin met de health check"],
)
def test_wanting_the_check_starts_it_with_a_code_and_the_first_question(talk: Visit, text: str) -> None:
    said = talk.say(text)
    assert "Vraag 1 van 51" in said
    assert CODE.search(said)
    assert "Mee eens" in talk.last.follow_ups


@pytest.mark.parametrize("text", ["Wat is een health check?", "Welke twee vragen stelt de health check?"])
def test_asking_about_the_check_is_answered_from_the_cards(talk: Visit, text: str) -> None:
    talk.say(text)
    assert talk.last.coached is None
    assert talk.last.citations


def test_answers_in_plain_words_are_kept_at_once(talk: Visit, coach: Coach) -> None:
    talk.say("Doe de health check")
    assert "Vraag 2 van 51" in talk.say("4, maar bij de gemeente minder")
    kept = coach.checks.respondent(talk.code).responses
    (response,) = kept.values()
    assert (response.score, response.remark) == (4, "bij de gemeente minder")


def test_a_doubtful_answer_is_asked_back_before_it_is_kept(talk: Visit, coach: Coach) -> None:
    talk.say("Doe de health check")
    assert "Klopt dat?" in talk.say("mwah")
    assert not coach.checks.respondent(talk.code).responses
    talk.say("ja")
    assert [one.score for one in coach.checks.respondent(talk.code).responses.values()] == [3]


def test_a_term_is_explained_with_its_sources_and_the_question_comes_back(talk: Visit) -> None:
    talk.say("Doe de health check")
    said = talk.say("wat bedoel je met calculatief vertrouwen?")
    assert "geloofwaardige informatie" in said
    assert "[1]" in said
    assert talk.last.citations
    assert said.index("geloofwaardige informatie") < said.index("Vraag 1 van 51")


def test_what_cannot_be_explained_is_said_and_the_question_comes_back(talk: Visit) -> None:
    talk.say("Doe de health check")
    said = talk.say("wat is de hoofdstad van Peru?")
    assert "Vraag 1 van 51" in said
    assert not talk.last.citations


def test_after_a_stop_the_assistant_answers_again_and_the_code_goes_on_where_one_was(
    talk: Visit, from_cards: Assistant, chat_coach: ChatCoach
) -> None:
    talk.say("Doe de health check")
    code = talk.code
    talk.say("eens")
    assert code in talk.say("stop")
    talk.say("Wat is een paradox?")
    assert talk.last.coached is None
    elsewhere = Visit(from_cards, chat_coach)
    assert "vraag 2 van 51" in elsewhere.say(f"verder met {code.lower()}")


def test_an_invitation_is_answered_for_the_partner_that_it_is_for(talk: Visit, coach: Coach) -> None:
    made = make(coach.checks)
    token = made.invitations["zorggroep"]
    talk.say(f"http://127.0.0.1:8000/check/uitnodiging/{token}")
    talk.say("eens")
    assert [one.begun for one in coach.checks.participation(made.owner_key)] == [0, 1, 0]


def test_the_end_shows_ones_own_answers_and_something_to_do_with_its_sources(
    talk: Visit, coach: Coach
) -> None:
    talk.say("Doe de health check")
    questionnaire = coach.checks.questionnaire
    coach.checks.answer(talk.code, *all_answers(questionnaire, CheckKind.FULL, 2, "Alles kan beter")[:-1])
    talk.say("verder")
    said = talk.say("niets meer") if "51 van 51" not in talk.last.markdown else talk.last.markdown
    for _ in range(60):
        if "Zo ziet u het zelf" in said:
            break
        said = talk.say("sla over")
    assert "Zo ziet u het zelf" in said
    assert talk.last.citations
    assert coach.checks.respondent(talk.code).is_finished


def test_a_closed_check_takes_no_more_answers_and_says_so(talk: Visit, coach: Coach) -> None:
    made = make(coach.checks)
    talk.say(f"/check/uitnodiging/{made.invitations['gemeente']}")
    coach.checks.close(made.owner_key)
    assert "gesloten" in talk.say("eens")


def test_an_unknown_code_is_said_and_nothing_is_begun(talk: Visit) -> None:
    said = talk.say("verder met AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG")
    assert "hoort geen health check" in said
    assert session_of(talk.exchanges) is None


def test_the_check_is_no_part_of_the_conversation_that_questions_go_on_from(talk: Visit) -> None:
    talk.say("Wat is een paradox?")
    talk.say("Doe de health check")
    talk.say("stop")
    assert [turn.content for turn in history(talk.exchanges) if turn.role == "user"] == [
        "Wat is een paradox?"
    ]


def test_the_check_that_goes_on_is_the_last_one_and_a_question_in_between_does_not_end_it(
    talk: Visit,
) -> None:
    talk.say("Doe de health check")
    first = session_of(talk.exchanges)
    talk.say("stop")
    talk.say("Wat is een paradox?")
    over = session_of(talk.exchanges)
    assert first
    assert over
    assert (over.code, first.is_over, over.is_over) == (first.code, False, True)
    talk.say("Doe de health check")
    again = session_of(talk.exchanges)
    assert again
    assert again.code != first.code


def test_what_the_coach_says_comes_at_once_and_ends_the_exchange(
    from_cards: Assistant, chat_coach: ChatCoach
) -> None:
    begun, said = converse(from_cards, Question(" Doe de health check "), View().talk, chat_coach)
    assert (begun.is_running, begun.draft, begun.exchanges[-1].coached) == (True, "", None)
    assert (said.is_running, said.draft, said.problem) == (False, None, None)
    assert said.exchanges[-1].question == "Doe de health check"
    assert said.exchanges[-1].ending is Ending.COACHED


def test_without_a_coach_wanting_the_check_is_a_question(from_cards: Assistant) -> None:
    *_, view = converse(from_cards, Question("Doe de health check"), View().talk)
    assert view.exchanges[-1].coached is None
    assert view.exchanges[-1].outcome


def test_while_the_database_is_away_the_message_is_put_back_and_the_check_goes_on_after(
    talk: Visit, chat_coach: ChatCoach, coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.say("Doe de health check")

    def fail(code: str) -> Respondent:
        raise StorageUnavailable(url="sqlite:///weg", reason="weg")

    with monkeypatch.context() as patch:
        patch.setattr(coach.checks, "respondent", fail)
        talk.say("Eens")
    assert isinstance(talk.view.problem, StorageUnavailable)
    assert talk.view.draft == "Eens"
    assert not coach.checks.respondent(talk.code).responses
    assert "Vraag 2 van 51" in talk.say("Eens")

"""The health check as a conversation: one question at a time, answered in one's own words.

No model is used and nothing is remembered here: what was saved says where a respondent is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from assistant.coach.asking import AskedQuestion, InterviewTexts, Wording, lowered
from assistant.coach.cues import Command, Cues
from assistant.coach.reading import LONGEST_QUESTION, Reader, Reading
from assistant.domain import CheckKind, Questionnaire, Response

LONGEST_ASIDE = 8
"""Words in which an answer to an open question can be a question to the coach instead."""

_INQUIRIES = {
    Command.SCALE: "once_more",
    Command.PROGRESS: "progress",
    Command.PRIVACY: "privacy",
}


class Stage(StrEnum):
    """Whether all is asked in order, what was skipped is offered, or is being asked again."""

    ASKING = "asking"
    OFFERING = "offering"
    REVISITING = "revisiting"


@dataclass(frozen=True, slots=True)
class Interview:
    """Where a respondent is; ``Interviewer.open`` finds it back from the saved responses alone."""

    at: str | None
    """The id of what is asked now; ``None`` when all is done."""
    pending: Response | None = None
    """What was understood and waits for a yes."""
    stage: Stage = Stage.ASKING
    remark: str = ""
    """What was said on it before a score was."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the coach says, and what its caller has to save, to ask or to offer."""

    interview: Interview
    markdown: str
    save: tuple[Response, ...] = ()
    explain: str | None = None
    """A question for the assistant; its answer goes before ``markdown``."""
    term: str | None = None
    """The card that explains it if the assistant doesn't."""
    choices: tuple[str, ...] = ()
    """Answers to offer as buttons; sent back as they are, each is understood."""
    is_stopped: bool = False
    is_finished: bool = False


@dataclass(frozen=True, slots=True)
class _Turn:
    """One message and what it's an answer to."""

    interview: Interview
    question: AskedQuestion
    message: str
    responses: Mapping[str, Response]


class Interviewer:
    """Leads respondents through all that a check of one kind asks."""

    def __init__(
        self, questionnaire: Questionnaire, kind: CheckKind, texts: InterviewTexts, cues: Path
    ) -> None:
        self._kind, self._texts = kind, texts
        self._cues = Cues.read(cues)
        self._reader = Reader(self._cues, questionnaire.scale, questionnaire.not_applicable)
        self._wording = Wording(questionnaire, kind, texts)
        self._questions = self._wording.questions
        self._places = {one.id: place for place, one in enumerate(self._questions)}

    def open(self, responses: Mapping[str, Response]) -> Reply:
        """Begin with an introduction, or go on after the last question that was answered."""
        answered = [place for one, place in self._places.items() if one in responses]
        if not answered:
            return self._ask(0, said=self._wording.welcome(), is_announced=True)
        following = self._following(max(answered), responses)
        if following is None:
            return self._ending(Stage.ASKING, responses)
        said = self._texts.render("resume", number=following + 1, total=len(self._questions))
        return self._ask(following, said=said, is_scaled=True)

    def reply(self, interview: Interview, message: str, responses: Mapping[str, Response]) -> Reply:
        """Take one message; whatever it is, the coach says something back."""
        if interview.at is None:
            return self._after(message, responses)
        if interview.at not in self._places:
            return self.open(responses)
        turn = _Turn(interview, self._questions[self._places[interview.at]], message.strip(), responses)
        told = (self._jumped, self._obeyed, self._offered, self._confirmed)
        for step in (*told, self._answered, self._explained, self._written, self._referred):
            if found := step(turn):
                return found
        return self._unread(turn)

    # ── What a message can be ────────────────────────────────────────────────

    def _jumped(self, turn: _Turn) -> Reply | None:
        """Go to the question that is named by its number."""
        jump = self._cues.jump.fullmatch(self._reader.plain(turn.message))
        if jump is None:
            return None
        number, total = int(jump[1] or jump[2]), len(self._questions)
        if not 1 <= number <= total:
            return self._again(turn, said=self._texts.render("no_such_question", total=total))
        stage = Stage.ASKING if turn.interview.stage is Stage.OFFERING else turn.interview.stage
        return self._return_to(number - 1, stage, turn.responses)

    def _obeyed(self, turn: _Turn) -> Reply | None:
        """Do what the coach is told: stop, go back, skip and the like."""
        command = self._reader.command(turn.message)
        if command in _INQUIRIES:
            return self._inform(turn, _INQUIRIES[command]) if self._asks(turn.message) else None
        if command is Command.GO_ON:
            command = Command.SKIP if turn.question.id in turn.responses else Command.AGAIN
        doing = {Command.STOP: self._stop, Command.BACK: self._back, Command.SKIP: self._skip}
        if command is Command.AGAIN:
            return self._again(turn, is_scaled=True)
        return doing[command](turn) if command else None

    def _offered(self, turn: _Turn) -> Reply | None:
        """Ask what was skipped once more, if that is welcome."""
        if turn.interview.stage is not Stage.OFFERING:
            return None
        answer = self._reader.clause(turn.message)
        if self._cues.agreed.fullmatch(answer):
            return self._ask(self._places[turn.question.id], stage=Stage.REVISITING, is_scaled=True)
        if self._cues.denied.fullmatch(answer):
            return self._finish()
        return self._offer(turn.responses, said=self._texts.render("offer_unread"))

    def _confirmed(self, turn: _Turn) -> Reply | None:
        """Take a yes or a no to what was understood, and what comes after it."""
        pending = turn.interview.pending
        if pending is None:
            return None
        for head, rest in self._reader.split(turn.message):
            answer = self._reader.clause(head)
            is_no = self._cues.denied.fullmatch(answer)
            if (
                rest
                and (is_no or self._read(turn.question, rest))
                and (is_no or self._cues.agreed.fullmatch(answer))
            ):
                return self.reply(replace(turn.interview, pending=None), rest, turn.responses)
            if is_no:
                return self._again(turn, said=self._texts.render("not_so"), is_scaled=True)
            if self._cues.agreed.fullmatch(answer):
                return self._save(turn, replace(pending, remark=_joined(pending.remark, rest)))
        return None

    def _explained(self, turn: _Turn) -> Reply | None:
        """Have a word explained, or why something is asked."""
        plain = self._reader.plain(turn.message)
        if len(plain.split()) > (LONGEST_QUESTION if turn.question.labels else LONGEST_ASIDE):
            return None
        if not plain and "?" in turn.message:
            return self._explain(turn, self._named("explain_term", turn.question))
        if self._cues.reason.fullmatch(plain):
            return self._explain(turn, self._named("explain_reason", turn.question))
        if meaning := self._cues.meaning.fullmatch(plain):
            subject = next((group for group in meaning.groups() if group), "")
            return self._explain(turn, self._about(turn, subject.strip()))
        return None

    def _written(self, turn: _Turn) -> Reply | None:
        """Take any text as the answer to an open question."""
        if turn.question.labels or not turn.message:
            return None
        clause = self._reader.clause(turn.message)
        if self._cues.nothing.fullmatch(clause) or self._cues.not_applicable.sure.fullmatch(clause):
            return self._skip(turn)
        return self._save(turn, Response(turn.question.id, None, turn.message))

    def _answered(self, turn: _Turn) -> Reply | None:
        """Save what is sure, and ask back what isn't."""
        found = self._read(turn.question, turn.message) if turn.question.labels else None
        if found is None:
            return None
        remark = _joined(turn.interview.remark, found.remark)
        if len(found.scores) > 1:
            return self._torn(turn, found.scores, remark)
        response = Response(turn.question.id, found.scores[0], remark)
        if self._asks(found.remark):
            waiting = Response(turn.question.id, found.scores[0], turn.interview.remark)
            held = replace(turn, interview=replace(turn.interview, pending=waiting), message=found.remark)
            return self._explained(held) or self._referred(held)
        if found.is_sure:
            return self._save(turn, response)
        interview = replace(turn.interview, pending=response, remark="")
        return self._confirm(interview, turn.question)

    def _referred(self, turn: _Turn) -> Reply | None:
        """Pass on any other question."""
        return self._explain(turn, turn.message) if self._asks(turn.message) else None

    def _unread(self, turn: _Turn) -> Reply:
        """Say that it isn't understood; what looks like a remark is held until there's a score."""
        if turn.interview.pending:
            return self._confirm(turn.interview, turn.question, said=self._texts.render("confirm_again"))
        if self._reader.is_beyond(turn.message):
            return self._again(turn, said=self._texts.render("beyond"), is_scaled=True)
        if len(turn.message.split()) < self._cues.remark_words:
            key = "unread" if turn.message else "empty"
            return self._again(turn, said=self._texts.render(key), is_scaled=True)
        reply = self._again(turn, said=self._texts.render("remark_held"), is_scaled=True)
        held = _joined(turn.interview.remark, turn.message)
        return replace(reply, interview=replace(reply.interview, remark=held))

    # ── What the coach does ──────────────────────────────────────────────────

    def _save(self, turn: _Turn, response: Response) -> Reply:
        label = lowered(self._wording.label(turn.question, response.score))
        key = ("noted_with_remark" if response.remark else "noted") if turn.question.labels else "noted_open"
        said = self._texts.render(key, label=label)
        responses = {**turn.responses, response.item_id: response}
        return replace(self._onward(turn, responses, said), save=(response,))

    def _stop(self, turn: _Turn) -> Reply:
        stopped = self._texts.render("stopped")
        return Reply(turn.interview, stopped, choices=(self._wording.choice("go_on"),), is_stopped=True)

    def _skip(self, turn: _Turn) -> Reply:
        if turn.interview.stage is Stage.OFFERING:
            return self._finish()
        key = "kept" if turn.question.id in turn.responses else "skipped"
        return self._onward(turn, turn.responses, self._texts.render(key))

    def _onward(self, turn: _Turn, responses: Mapping[str, Response], said: str) -> Reply:
        following = self._following(self._places[turn.question.id], responses)
        if following is None:
            ending = self._ending(turn.interview.stage, responses)
            return replace(ending, markdown=f"{said}\n\n{ending.markdown}")
        is_new = self._questions[following].block != turn.question.block
        stage = turn.interview.stage
        announced = is_new and stage is Stage.ASKING and self._kind is CheckKind.FULL
        return self._ask(following, said=said, stage=stage, is_announced=announced)

    def _back(self, turn: _Turn) -> Reply:
        if turn.interview.stage is Stage.OFFERING:
            return self._return_to(len(self._questions) - 1, Stage.ASKING, turn.responses)
        place = self._places[turn.question.id] - 1
        if place < 0:
            return self._again(turn, said=self._texts.render("first_already"))
        return self._return_to(place, turn.interview.stage, turn.responses)

    def _return_to(self, place: int, stage: Stage, responses: Mapping[str, Response]) -> Reply:
        """Ask an earlier question, and show what was answered."""
        question = self._questions[place]
        given = responses.get(question.id)
        if given is None:
            return self._ask(place, stage=stage, is_scaled=True)
        key = ("given_with_remark" if given.remark else "given") if question.labels else "given_open"
        label = lowered(self._wording.label(question, given.score))
        said = self._texts.render(key, label=label, remark=_escaped(given.remark))
        reply = self._ask(place, said=said, stage=stage)
        return replace(reply, choices=(*reply.choices, self._wording.choice("go_on")))

    def _explain(self, turn: _Turn, question: str | None) -> Reply:
        """Have a question answered, and repeat one's own; what waits for a yes keeps waiting."""
        key = "once_more" if question else "no_term"
        reply = self._again(turn, said=self._texts.render(key))
        if turn.interview.pending:
            confirming = self._confirm(turn.interview, turn.question)
            markdown = f"{reply.markdown}\n\n{confirming.markdown}"
            reply = replace(confirming, markdown=markdown)
        return replace(reply, explain=question, term=turn.question.term if question else None)

    def _inform(self, turn: _Turn, key: str) -> Reply:
        number = self._places[turn.question.id] + 1
        answered = sum(one in turn.responses for one in self._places)
        values = {"number": number, "total": len(self._questions), "answered": answered}
        return self._again(turn, said=self._texts.render(key, **values), is_scaled=True)

    def _again(self, turn: _Turn, said: str = "", *, is_scaled: bool = False) -> Reply:
        """Ask the same once more."""
        if turn.interview.stage is Stage.OFFERING:
            return self._offer(turn.responses, said)
        place = self._places[turn.question.id]
        reply = self._ask(place, said=said, stage=turn.interview.stage, is_scaled=is_scaled)
        return replace(reply, interview=replace(reply.interview, remark=turn.interview.remark))

    def _confirm(self, interview: Interview, question: AskedQuestion, said: str = "") -> Reply:
        score = interview.pending.score if interview.pending else None
        key = "confirm_not_applicable" if score is None else "confirm"
        number = "" if score is None else score - question.lowest + 1
        asked = self._texts.render(key, label=lowered(self._wording.label(question, score)), number=number)
        choices = tuple(map(self._wording.choice, ("yes", "no", "explain", "back", "stop")))
        return Reply(interview, _paragraphs(said, asked), choices=choices)

    def _torn(self, turn: _Turn, scores: tuple[int | None, ...], remark: str) -> Reply:
        first, second = (self._wording.label(turn.question, score) for score in scores[:2])
        said = self._texts.render("torn", first=lowered(first), second=lowered(second))
        reply = self._again(turn)
        rest = tuple(one for one in reply.choices if one not in (first, second))
        return Reply(replace(reply.interview, remark=remark), said, choices=(first, second, *rest))

    def _after(self, message: str, responses: Mapping[str, Response]) -> Reply:
        """After the end one can still go back."""
        if self._reader.command(message) is Command.BACK:
            return self._return_to(len(self._questions) - 1, Stage.REVISITING, responses)
        if jump := self._cues.jump.fullmatch(self._reader.plain(message)):
            place = min(max(int(jump[1] or jump[2]), 1), len(self._questions)) - 1
            return self._return_to(place, Stage.REVISITING, responses)
        return self._finish()

    def _ending(self, stage: Stage, responses: Mapping[str, Response]) -> Reply:
        is_offered = stage is Stage.ASKING and self._skipped(responses)
        return self._offer(responses) if is_offered else self._finish()

    def _offer(self, responses: Mapping[str, Response], said: str = "") -> Reply:
        skipped = self._skipped(responses)
        offer = self._texts.render("offer_one" if len(skipped) == 1 else "offer", count=len(skipped))
        choices = tuple(self._wording.choice(one) for one in ("yes", "no", "back", "stop"))
        at = (skipped or self._questions)[0].id
        return Reply(Interview(at, stage=Stage.OFFERING), _paragraphs(said, offer), choices=choices)

    def _finish(self) -> Reply:
        return Reply(
            Interview(None),
            self._texts.render("finished"),
            choices=(self._wording.choice("back"),),
            is_finished=True,
        )

    # ── How a question looks ─────────────────────────────────────────────────

    def _ask(
        self,
        place: int,
        *,
        said: str = "",
        stage: Stage = Stage.ASKING,
        is_announced: bool = False,
        is_scaled: bool = False,
    ) -> Reply:
        question = self._questions[place]
        announced = self._texts.render("block", title=question.block, about=question.about)
        parts = [said, announced if is_announced and question.about else "", self._wording.asked(place)]
        if (is_announced or is_scaled) and question.labels and not question.tension:
            parts.append(self._wording.scale())
        return Reply(
            Interview(question.id, stage=stage), _paragraphs(*parts), choices=self._wording.choices(place)
        )

    # ── What is where, and about what ────────────────────────────────────────

    def _following(self, place: int, responses: Mapping[str, Response]) -> int | None:
        """Return the place of the first question after this one that has no answer."""
        after = range(place + 1, len(self._questions))
        return next((one for one in after if self._questions[one].id not in responses), None)

    def _skipped(self, responses: Mapping[str, Response]) -> tuple[AskedQuestion, ...]:
        return tuple(one for one in self._questions if one.labels and one.id not in responses)

    def _read(self, question: AskedQuestion, message: str) -> Reading | None:
        if question.tension:
            poles = (question.tension.left, question.tension.right)
            return self._reader.read_position(message, question.labels, poles)
        return self._reader.read(message, question.text)

    def _asks(self, message: str) -> bool:
        return "?" in message or bool(self._cues.questions.fullmatch(self._reader.plain(message)))

    def _about(self, turn: _Turn, subject: str) -> str | None:
        """Return the question that asks for a subject: the item's own term if it's part of that."""
        bare = self._cues.articles.sub("", f"{subject} ").strip()
        if not bare or self._cues.pronouns.fullmatch(bare):
            return self._named("explain_term", turn.question)
        term = self._wording.name(turn.question.term)
        is_part = set(bare.split()) <= set(self._reader.plain(term).split())
        return self._texts.render("explain_term", term=term if is_part else bare)

    def _named(self, key: str, question: AskedQuestion) -> str | None:
        return self._texts.render(key, term=self._wording.name(question.term)) if question.term else None


def _joined(*remarks: str) -> str:
    return " ".join(filter(None, remarks))


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _escaped(text: str) -> str:
    """Return what a person typed so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", " ".join(text.split()))

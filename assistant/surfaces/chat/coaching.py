"""The health check in the conversation: the coach takes over while somebody answers, and steps back after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from assistant.answering.prompts import Texts
from assistant.coach.interview import Interview, Interviewer, Reply
from assistant.domain import (
    Answer,
    Catalogue,
    CheckKind,
    Citation,
    Event,
    Question,
    Questionnaire,
    Refusal,
    Report,
    Respondent,
    Response,
    outcome_of,
)
from assistant.errors import CheckClosed, CoachingError, UnknownKey
from assistant.publishing.citing import Citing
from assistant.publishing.wording import decimal


class Checking(Protocol):
    """What somebody who answers a check needs of it."""

    @property
    def questionnaire(self) -> Questionnaire:
        """Return what a check asks."""
        ...

    def begin(self, token: str) -> Respondent:
        """Give a new respondent a code."""
        ...

    def begin_alone(self, alliance: str) -> Respondent:
        """Begin a check of one's own."""
        ...

    def respondent(self, code: str) -> Respondent:
        """Return somebody's answers so far."""
        ...

    def answer(self, code: str, *responses: Response) -> Respondent:
        """Keep answers."""
        ...

    def finish(self, code: str) -> Respondent:
        """Keep that somebody is ready."""
        ...

    def own_view(self, code: str) -> Report:
        """Return what somebody's own answers show."""
        ...


class Answering(Protocol):
    """The part of the assistant that explains what is asked."""

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield the events of an answer."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """What answers rest on."""
        ...


@dataclass(frozen=True, slots=True)
class Session:
    """Who is answering, and where they are."""

    code: str
    interview: Interview
    is_over: bool = False
    """Whether the coach has stepped back."""


@dataclass(frozen=True, slots=True)
class Coached:
    """What the coach said."""

    session: Session | None
    markdown: str
    choices: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()


class ChatCoach:
    """Leads the health check in the conversation; keeps nothing but what the check keeps."""

    def __init__(self, checks: Checking, assistant: Answering, prompts: Path) -> None:
        self._checks = checks
        self._assistant = assistant
        self._texts = Texts.read(prompts / "chat_coach.yaml")
        self._interview_texts = Texts.read(prompts / "interview.yaml")
        self._cues = prompts / "interview_cues.yaml"
        names = ("starting", "invitation", "code")
        self._patterns = {name: re.compile(self._texts.render(name), re.IGNORECASE) for name in names}
        self._interviewers: tuple[Questionnaire, Mapping[CheckKind, Interviewer]] | None = None

    def takes(self, text: str, session: Session | None) -> bool:
        """Return whether a message is for the coach: mid-check, or when somebody wants to begin or go on."""
        is_asked = any(pattern.search(text) for pattern in self._patterns.values())
        return is_asked or (session is not None and not session.is_over)

    def reply(self, text: str, session: Session | None) -> Coached:
        """Take a message for the coach; what can't be is said, and nothing that was answered is lost."""
        try:
            if session is None or session.is_over:
                return self._begin(text)
            return self._go_on(text, session)
        except CheckClosed as error:
            return Coached(_over(session), self._texts.render("closed", **error.details))
        except UnknownKey:
            return Coached(None, self._texts.render("unknown"))
        except CoachingError:
            return Coached(session, self._texts.render("unsaved"))

    def _begin(self, text: str) -> Coached:
        """Find or make the respondent, and ask the first question without an answer."""
        said = []
        if code := self._patterns["code"].search(text):
            respondent = self._checks.respondent(code[1])
        elif invitation := self._patterns["invitation"].search(text):
            respondent = self._checks.begin(invitation[1])
            said = [self._texts.render("begun", code=respondent.code)]
        else:
            respondent = self._checks.begin_alone(self._texts.render("own_alliance"))
            said = [self._texts.render("begun_alone"), self._texts.render("begun", code=respondent.code)]
        if not respondent.check.is_open:
            raise CheckClosed(alliance=respondent.check.alliance)
        reply = self._interviewer(respondent).open(respondent.responses)
        return self._said(Session(respondent.code, reply.interview), reply, said)

    def _go_on(self, text: str, session: Session) -> Coached:
        """Let the interviewer read the message, keep what was answered, and ask the next question."""
        respondent = self._checks.respondent(session.code)
        reply = self._interviewer(respondent).reply(session.interview, text, respondent.responses)
        if reply.save:
            self._checks.answer(session.code, *reply.save)
        explained = self._explain(reply)
        coached = self._said(session, reply, [explained.markdown] if explained else [])
        cited = explained.citations if isinstance(explained, Answer) else ()
        return replace(coached, citations=(*cited, *coached.citations))

    def _said(self, session: Session, reply: Reply, before: list[str]) -> Coached:
        parts = [*before, reply.markdown]
        citations: tuple[Citation, ...] = ()
        if reply.is_stopped:
            parts.append(self._texts.render("stopped", code=session.code))
        if reply.is_finished:
            self._checks.finish(session.code)
            view, citations = self._view(self._checks.own_view(session.code))
            parts.append(view)
        now = replace(session, interview=reply.interview, is_over=reply.is_stopped or reply.is_finished)
        choices = () if now.is_over else reply.choices
        return Coached(now, "\n\n".join(part for part in parts if part), choices, citations)

    def _explain(self, reply: Reply) -> Answer | Refusal | None:
        """Return what the assistant says on what somebody wants explained.

        If that is what is asked about, and can't be explained so, a question that its card answers is.
        """
        if reply.explain is None:
            return None
        card = self._assistant.catalogue.cards.get(reply.term or "")
        is_its_own = card is not None and card.id.replace("-", " ") in reply.explain.casefold()
        first = outcome_of(self._assistant.ask(Question(reply.explain)))
        if isinstance(first, Answer) or card is None or not is_its_own:
            return first
        others = (outcome_of(self._assistant.ask(Question(question))) for question in card.questions)
        return next((other for other in others if isinstance(other, Answer)), first)

    def _view(self, report: Report) -> tuple[str, tuple[Citation, ...]]:
        """Return what somebody's own answers show, with one thing to do about it and its sources."""
        citing = Citing(self._assistant.catalogue)
        phases = [
            self._texts.render("view_phase", title=one.title, sentence=one.sentence) for one in report.phases
        ]
        conditions = [
            self._texts.render(
                "view_condition", title=one.score.title, mean=decimal(one.score.mean), band=one.score.band
            )
            for one in report.conditions
            if one.score.mean is not None
        ]
        parts = [self._texts.render("view"), "\n".join([*phases, *conditions])]
        for action in report.suggestions[:1]:
            marks = citing.marks(action.statements)
            parts.append(self._texts.render("view_action", title=action.title, text=action.text, marks=marks))
        return "\n\n".join([*parts, self._texts.render("view_more")]), citing.citations

    def _interviewer(self, respondent: Respondent) -> Interviewer:
        """Return the interviewer for a kind of check; made anew when the questionnaire has changed."""
        asked = self._checks.questionnaire
        if self._interviewers is None or self._interviewers[0] is not asked:
            made = {kind: Interviewer(asked, kind, self._interview_texts, self._cues) for kind in CheckKind}
            self._interviewers = asked, made
        return self._interviewers[1][respondent.check.kind]


def _over(session: Session | None) -> Session | None:
    return replace(session, is_over=True) if session else None

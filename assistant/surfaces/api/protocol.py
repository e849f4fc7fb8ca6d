"""What the API asks of an assistant and of a coach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

from assistant.domain import (
    Brief,
    Catalogue,
    Check,
    CheckKind,
    ChosenAction,
    Created,
    Event,
    Feedback,
    KeptExchange,
    Participation,
    Passage,
    Portfolio,
    Question,
    Questionnaire,
    Report,
    Respondent,
    Response,
    Shared,
    Status,
)


class Answering(Protocol):
    """Answers questions from a published catalogue."""

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield what is found, then checked claims, then one outcome; raise ``AssistantError``."""
        ...

    def search(self, question: Question, limit: int) -> tuple[Passage, ...]:
        """Return the passages for a question, best first; raise ``AssistantError``."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """Return what answers rest on; raise ``IndexUnavailable`` when nothing is published."""
        ...

    def status(self) -> Status:
        """Return what can be answered at this moment."""
        ...


class Rating(Protocol):
    """Keeps what is thought of answers."""

    def receive(self, owner: str, exchange: KeptExchange, feedback: Feedback) -> None:
        """Keep what a client thinks of an answer, which it sends along."""
        ...


class Checking(Protocol):
    """Makes, fills, closes and shows health checks; raises ``CoachingError``."""

    @property
    def questionnaire(self) -> Questionnaire:
        """Return what a check asks."""
        ...

    def create(
        self,
        alliance: str,
        organisations: Sequence[str],
        kind: CheckKind = CheckKind.FULL,
        previous: str | None = None,
    ) -> Created:
        """Make a check."""
        ...

    def check(self, owner_key: str) -> Check:
        """Return the check that a key opens."""
        ...

    def invitations(self, owner_key: str) -> Mapping[str, str]:
        """Return the token to invite people with, by organisation id."""
        ...

    def participation(self, owner_key: str) -> tuple[Participation, ...]:
        """Return how many people began and finished."""
        ...

    def close(self, owner_key: str) -> Report:
        """Close a check for good."""
        ...

    def report(self, owner_key: str) -> Report:
        """Return what a closed check shows."""
        ...

    def report_file(self, owner_key: str, format: Literal["docx", "md"]) -> bytes:  # noqa: A002 - likewise
        """Return the report as a file."""
        ...

    def choose(self, owner_key: str, actions: Sequence[ChosenAction]) -> None:
        """Keep the actions that the partners agreed on."""
        ...

    def chosen(self, owner_key: str) -> tuple[ChosenAction, ...]:
        """Return the actions that were chosen."""
        ...

    def erase(self, owner_key: str) -> None:
        """Erase a check."""
        ...

    def export(self, owner_key: str) -> dict[str, Any]:
        """Return all that an owner may know of a check."""
        ...

    def begin(self, token: str) -> Respondent:
        """Give a new respondent a code."""
        ...

    def respondent(self, code: str) -> Respondent:
        """Return somebody's answers so far."""
        ...

    def answer(self, code: str, *responses: Response) -> Respondent:
        """Keep answers, all or none."""
        ...

    def finish(self, code: str) -> Respondent:
        """Keep that somebody is ready."""
        ...

    def withdraw(self, code: str) -> None:
        """Erase somebody's answers."""
        ...

    def export_answers(self, code: str) -> dict[str, Any]:
        """Return all that is kept of somebody."""
        ...

    def open_portfolio(self) -> Portfolio:
        """Open a view over several alliances."""
        ...

    def share(self, owner_key: str, share_code: str) -> None:
        """Show a check in a portfolio."""
        ...

    def unshare(self, owner_key: str, share_code: str) -> None:
        """Take a check out of a portfolio."""
        ...

    def shared(self, key: str) -> tuple[Shared, ...]:
        """Return the checks in a portfolio."""
        ...


class Briefing(Protocol):
    """Prepares a coach; raises ``CoachingError``."""

    def brief(self, title: str, situation: str, owner_key: str | None) -> Brief:
        """Return a brief on a situation, on a closed check, or on both."""
        ...

    def file(self, brief: Brief, format: Literal["docx", "md"]) -> bytes:  # noqa: A002 - as a client calls it
        """Return a brief as a file."""
        ...


class Coaching(Protocol):
    """Health checks and briefs together."""

    @property
    def checks(self) -> Checking:
        """Return the use cases of the health check."""
        ...

    @property
    def briefs(self) -> Briefing:
        """Return the use case of the brief."""
        ...

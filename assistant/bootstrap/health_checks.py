"""The use cases of the health check: what is kept, what is scored, and what may be shown of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from assistant.bootstrap.files import Files, Format, Library
from assistant.bootstrap.requiring import read_actions, read_name, read_partners, read_response
from assistant.coach.questionnaire import HealthCheckTexts, read_questionnaire
from assistant.coach.reporting import (
    build_own_view,
    build_report,
    report_from_json,
    report_to_json,
    show_less,
)
from assistant.domain import (
    Action,
    Check,
    CheckKind,
    ChosenAction,
    Created,
    Evidence,
    Organisation,
    Participation,
    Portfolio,
    Questionnaire,
    Report,
    Respondent,
    Response,
    Shared,
    Submission,
    statements_in,
)
from assistant.errors import CheckStillOpen
from assistant.settings import Settings
from assistant.storage import Storage

_log = logging.getLogger(__name__)


class HealthChecks:
    """Makes, fills, closes and shows health checks; safe to use from several threads and processes."""

    def __init__(self, settings: Settings, library: Library, storage: Storage) -> None:
        self._folder = settings.corpus / "health_check"
        self._library = library
        self._files = Files(settings, library)
        self._storage = storage
        self._retention = timedelta(days=settings.retention_days) if settings.retention_days else None
        self._read: tuple[Mapping[str, object], HealthCheckTexts] | None = None
        self.purge()

    @property
    def questionnaire(self) -> Questionnaire:
        """What a check asks."""
        return self._texts.questionnaire

    @property
    def actions(self) -> tuple[Action, ...]:
        """What an alliance can do."""
        return self._texts.actions

    # ── Who makes a check ────────────────────────────────────────────────────

    def create(
        self,
        alliance: str,
        organisations: Sequence[str],
        kind: CheckKind = CheckKind.FULL,
        previous: str | None = None,
    ) -> Created:
        """Make a check; with the key of an earlier one, the next round of it.

        Raises ``InvalidCheck`` for names that are empty, too long or double, and ``UnknownKey``.
        """
        self.purge()
        name, partners = read_name("alliance", alliance), read_partners(organisations)
        return self._storage.checks.create(name, partners, kind, self.questionnaire.version, previous)

    def check(self, owner_key: str) -> Check:
        """Return the check that a key opens."""
        return self._storage.checks.owned(owner_key)

    def invitations(self, owner_key: str) -> Mapping[str, str]:
        """Return the token to invite people with, by organisation id."""
        return self._storage.checks.invitations(owner_key)

    def participation(self, owner_key: str) -> tuple[Participation, ...]:
        """Return how many people of each organisation began, and how many finished."""
        return self._storage.checks.participation(owner_key)

    def close(self, owner_key: str) -> Report:
        """Close a check for good, and return what it shows."""
        earlier = tuple(self._earlier(owner_key))

        def write(check: Check, submissions: tuple[Submission, ...]) -> str:
            report = build_report(check, self._texts, submissions, earlier)
            return report_to_json(replace(report, evidence=self._evidence(report)))

        self._storage.checks.close(owner_key, write)
        return self.report(owner_key)

    def report(self, owner_key: str) -> Report:
        """Return what a closed check shows; raise ``CheckStillOpen`` if there's nothing to show yet."""
        kept = self._storage.checks.report(owner_key)
        if kept is None:
            raise CheckStillOpen(alliance=self.check(owner_key).alliance)
        return report_from_json(kept)

    def report_file(self, owner_key: str, format: Format) -> bytes:  # noqa: A002 - as the API calls it
        """Return the report as a file: ``docx`` or ``md``."""
        return self._files.report(self.report(owner_key), self.chosen(owner_key), format)

    def choose(self, owner_key: str, actions: Sequence[ChosenAction]) -> None:
        """Keep the actions that the partners agreed on, in the place of those before."""
        self._storage.checks.choose(owner_key, read_actions(actions))

    def chosen(self, owner_key: str) -> tuple[ChosenAction, ...]:
        """Return the actions that were chosen, or carried over from the round before."""
        return self._storage.checks.chosen(owner_key)

    def erase(self, owner_key: str) -> None:
        """Erase a check with its answers, report and actions."""
        self._storage.checks.erase(owner_key)

    def export(self, owner_key: str) -> dict[str, Any]:
        """Return all that an owner may know of a check, to keep elsewhere."""
        check, report = self.check(owner_key), self._storage.checks.report(owner_key)
        return {
            "check": _plain(asdict(check)),
            "participation": [_plain(asdict(one)) for one in self.participation(owner_key)],
            "report": _plain(asdict(report_from_json(report))) if report else None,
            "actions": [_plain(asdict(one)) for one in self.chosen(owner_key)],
        }

    def begin_alone(self, alliance: str) -> Respondent:
        """Begin a check of one's own, of which only oneself sees something."""
        name = read_name("alliance", alliance)
        made = self._storage.checks.create(name, [name], CheckKind.FULL, self.questionnaire.version)
        return self.begin(*made.invitations.values())

    # ── Who answers ──────────────────────────────────────────────────────────

    def invited(self, token: str) -> tuple[Check, Organisation]:
        """Return what an invitation is for."""
        return self._storage.respondents.invited(token)

    def begin(self, token: str) -> Respondent:
        """Give a new respondent a code."""
        return self._storage.respondents.begin(token)

    def respondent(self, code: str) -> Respondent:
        """Return somebody's answers so far."""
        return self._storage.respondents.respondent(code)

    def answer(self, code: str, *responses: Response) -> Respondent:
        """Keep answers; raise ``InvalidResponse``, and keep none, if one doesn't fit."""
        kind = self.respondent(code).check.kind
        fitting = [read_response(self.questionnaire, kind, response) for response in responses]
        return self._storage.respondents.save(code, *fitting)

    def own_view(self, code: str) -> Report:
        """Return what somebody's own answers show, to nobody else."""
        return build_own_view(self.respondent(code), self._texts)

    def finish(self, code: str) -> Respondent:
        """Keep that somebody is ready."""
        return self._storage.respondents.finish(code)

    def withdraw(self, code: str) -> None:
        """Erase somebody's answers; a report that rests on them may come to show less."""
        check = self.respondent(code).check

        def shorten(report: str, left: tuple[Submission, ...]) -> str:
            return report_to_json(show_less(report_from_json(report), check, left))

        self._storage.respondents.withdraw(code, shorten)

    def export_answers(self, code: str) -> dict[str, Any]:
        """Return all that is kept of somebody."""
        respondent = self.respondent(code)
        return {
            "alliance": respondent.check.alliance,
            "organisation": respondent.organisation.name,
            "is_finished": respondent.is_finished,
            "responses": [asdict(one) for one in respondent.responses.values()],
        }

    # ── Coaches ──────────────────────────────────────────────────────────────

    def open_portfolio(self) -> Portfolio:
        """Open a view over the alliances that will share their check."""
        return self._storage.portfolios.open_portfolio()

    def portfolio(self, key: str) -> Portfolio:
        """Return a portfolio, with the code to share with it."""
        return self._storage.portfolios.portfolio(key)

    def share(self, owner_key: str, share_code: str) -> None:
        """Show a check in a coach's portfolio."""
        self._storage.portfolios.share(owner_key, share_code)

    def unshare(self, owner_key: str, share_code: str) -> None:
        """Take a check out of a coach's portfolio."""
        self._storage.portfolios.unshare(owner_key, share_code)

    def shared(self, key: str) -> tuple[Shared, ...]:
        """Return the checks that were shared with a coach, the newest first."""
        return tuple(
            Shared(check, report_from_json(report) if report else None, chosen)
            for check, report, chosen in self._storage.portfolios.shared(key)
        )

    def purge(self) -> int:
        """Erase what was quiet for longer than the retention period; return how many checks."""
        if self._retention is None:
            return 0
        purged = self._storage.checks.purge(datetime.now(UTC) - self._retention)
        if purged:
            _log.info("erased %d checks after the retention period", purged)
        return purged

    # ── Inside ───────────────────────────────────────────────────────────────

    @property
    def _texts(self) -> HealthCheckTexts:
        """The questionnaire with its norms and actions, read anew when the cards have changed."""
        cards = self._library.catalogue.cards
        if self._read is None or self._read[0] is not cards:
            self._read = (cards, read_questionnaire(self._folder, cards))
        return self._read[1]

    def _evidence(self, report: Report) -> dict[str, tuple[Evidence, ...]]:
        known = self._library.catalogue.evidence
        return {id_: known[id_] for id_ in statements_in(report) if id_ in known}

    def _earlier(self, owner_key: str) -> Iterator[Report]:
        for check, report in self._storage.checks.series(owner_key):
            if report is not None and check.round < self.check(owner_key).round:
                yield report_from_json(report)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: dates as text."""
    return TypeAdapter(Any).dump_python(value, mode="json")

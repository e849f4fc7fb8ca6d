"""The pages of who makes a health check: begin one, invite, close, export and erase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.domain import (
    SMALLEST_GROUP,
    Check,
    CheckKind,
    Created,
    Participation,
    Questionnaire,
    Report,
)
from assistant.errors import CheckClosed, CheckStillOpen, InvalidCheck
from assistant.surfaces.pages.site import Site, Visit, download, see_other

MOST_PARTNERS = 20
_FIELDS_AT_FIRST = 3


class Making(Protocol):
    """What the initiator of a check can do."""

    @property
    def questionnaire(self) -> Questionnaire:
        """What a check asks."""

    def create(
        self,
        alliance: str,
        organisations: Sequence[str],
        kind: CheckKind = CheckKind.FULL,
        previous: str | None = None,
    ) -> Created:
        """Make a check; ``InvalidCheck`` if it can't be made so."""

    def check(self, owner_key: str) -> Check:
        """Return the check with this key; ``UnknownKey`` if there is none."""

    def invitations(self, owner_key: str) -> Mapping[str, str]:
        """Return the token of the invitation by organisation id."""

    def participation(self, owner_key: str) -> tuple[Participation, ...]:
        """Return how many people take part, by organisation."""

    def close(self, owner_key: str) -> Report:
        """Close the check, for good."""

    def erase(self, owner_key: str) -> None:
        """Remove the check and all that was answered."""

    def export(self, owner_key: str) -> Mapping[str, object]:
        """Return what the initiator may see, as values for JSON."""


@dataclass(frozen=True, slots=True)
class CheckForm:
    """The form for a new check as it was filled in, with what is wrong with it by field."""

    alliance: str = ""
    partners: tuple[str, ...] = ()
    kind: CheckKind = CheckKind.FULL
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown_partners(self) -> tuple[str, ...]:
        """The partners, with empty fields up to the usual number."""
        return self.partners + ("",) * (_FIELDS_AT_FIRST - len(self.partners))


@dataclass(frozen=True, slots=True)
class Invitation:
    """What to send to an organisation, and how far it is."""

    participation: Participation
    address: str


class MakingPages:
    """The routes for who makes a check."""

    def __init__(self, site: Site, checks: Making) -> None:
        self._site, self._checks = site, checks

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they match."""
        route, owned = self._site.route, "/check/beheer/{owner_key}"
        return [
            route("/check", self.start, self.create),
            route(owned, self.manage),
            route(f"{owned}/sluiten", self.ask_to_close, self.close),
            route(f"{owned}/wissen", self.ask_to_erase, self.erase),
            route(f"{owned}/volgende", self.start_next, self.create_next),
            route(f"{owned}/export.json", self.export),
        ]

    def start(self, visit: Visit) -> Response:
        """Show what a check is, and the form for a new one."""
        return self._start(CheckForm())

    def create(self, visit: Visit) -> Response:
        """Make a check, or show the form again with what is wrong."""
        form = _read_form(visit)
        if visit.value("meer"):
            return self._start(_with_room(form))
        try:
            return self._create(form, None)
        except InvalidCheck as error:
            return self._start(self._faulty(form, error), 422)

    def start_next(self, visit: Visit) -> Response:
        """Show the form for the next round, filled in from this one."""
        check = self._closed(visit)
        names = tuple(one.name for one in check.organisations)
        return self._next(visit, CheckForm(check.alliance, names))

    def create_next(self, visit: Visit) -> Response:
        """Make the next round of a check."""
        self._closed(visit)
        form = _read_form(visit)
        if visit.value("meer"):
            return self._next(visit, _with_room(form))
        try:
            return self._create(form, visit.key("owner_key"))
        except InvalidCheck as error:
            return self._next(visit, self._faulty(form, error), 422)

    def manage(self, visit: Visit) -> Response:
        """Show the links to send, how far people are, and what can be done next."""
        key = visit.key("owner_key")
        return self._owned(visit, "check_manage.html", invitations=self._invitations(visit, key))

    def ask_to_close(self, visit: Visit) -> Response:
        """Show what closing means before it is done."""
        if not self._checks.check(visit.key("owner_key")).is_open:
            return see_other(f"/check/beheer/{visit.key('owner_key')}")
        taking_part = self._checks.participation(visit.key("owner_key"))
        finished = sum(one.finished for one in taking_part)
        busy = sum(one.begun for one in taking_part) - finished
        return self._owned(visit, "check_close.html", finished=finished, busy=busy, smallest=SMALLEST_GROUP)

    def close(self, visit: Visit) -> Response:
        """Close a check; a second click finds it closed."""
        key = visit.key("owner_key")
        with suppress(CheckClosed):
            self._checks.close(key)
        return see_other(f"/check/beheer/{key}")

    def ask_to_erase(self, visit: Visit) -> Response:
        """Show what erasing means before it is done."""
        return self._owned(visit, "check_erase.html")

    def erase(self, visit: Visit) -> Response:
        """Erase a check."""
        self._checks.erase(visit.key("owner_key"))
        return see_other("/check/gewist")

    def export(self, visit: Visit) -> Response:
        """Hand over what the initiator may see as a file."""
        return download(self._checks.export(visit.key("owner_key")), "health-check.json")

    def _closed(self, visit: Visit) -> Check:
        check = self._checks.check(visit.key("owner_key"))
        if check.is_open:
            raise CheckStillOpen(alliance=check.alliance)
        return check

    def _create(self, form: CheckForm, previous: str | None) -> Response:
        named = [one for one in form.partners if one]
        created = self._checks.create(form.alliance, named, form.kind, previous)
        return see_other(f"/check/beheer/{created.owner_key}")

    def _start(self, form: CheckForm, status: int = 200) -> Response:
        return self._site.page(
            "check_start.html",
            status,
            form=form,
            questionnaire=self._checks.questionnaire,
            most=MOST_PARTNERS,
        )

    def _next(self, visit: Visit, form: CheckForm, status: int = 200) -> Response:
        return self._owned(visit, "check_next.html", status, form=form, most=MOST_PARTNERS)

    def _owned(self, visit: Visit, template: str, status: int = 200, **values: object) -> Response:
        key = visit.key("owner_key")
        own = f"/check/beheer/{key}"
        check = self._checks.check(key)
        return self._site.page(
            template, status, check=check, own=own, address=visit.address(own), owner_key=key,
            questionnaire=self._checks.questionnaire, **values,
        )  # fmt: skip

    def _invitations(self, visit: Visit, owner_key: str) -> list[Invitation]:
        tokens = self._checks.invitations(owner_key)
        return [
            Invitation(one, visit.address(f"/check/uitnodiging/{tokens[one.organisation.id]}"))
            for one in self._checks.participation(owner_key)
        ]

    def _faulty(self, form: CheckForm, error: InvalidCheck) -> CheckForm:
        place, _, position = error.details["field"].partition(".")
        said = self._site.texts.render(f"fault.{place}.{error.details['fault']}", **error.details)
        if position:
            filled = [place for place, name in enumerate(form.partners) if name]
            place = f"partner.{filled[int(position)]}"
        return replace(form, faults={place: said})


def _read_form(visit: Visit) -> CheckForm:
    kind = CheckKind.PULSE if visit.value("kind") == CheckKind.PULSE else CheckKind.FULL
    return CheckForm(visit.value("alliance"), tuple(visit.values("partner")), kind)


def _with_room(form: CheckForm) -> CheckForm:
    return CheckForm(form.alliance, (*form.partners, "")[:MOST_PARTNERS], form.kind)

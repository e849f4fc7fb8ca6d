"""Puts the gate before an application, and the pages to sign in behind it."""

from __future__ import annotations

from typing import Protocol

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.settings import Settings
from assistant.surfaces.access.gate import AccessGate, Guard, Knowing
from assistant.surfaces.access.hosts import Hosts, is_loopback
from assistant.surfaces.access.limiting import Counter, KeyLimits
from assistant.surfaces.access.refusing import Refusals
from assistant.surfaces.access.signing_in import Signing, SignInPages
from assistant.surfaces.api.problems import Problems
from assistant.surfaces.pages import Site


class Keys(Knowing, Signing, Protocol):
    """Tells who asks, and keeps who signed in."""


class Guarding:
    """The gate and the pages that go with it, over the keys of one server."""

    def __init__(self, settings: Settings, access: Keys, problems: Texts, counter: Counter) -> None:
        """``problems`` is ``prompts/problems.yaml``; raise ``ConfigurationError`` for a rate that is none."""
        self._texts = Texts.read(settings.prompts / "access.yaml")
        self._site = Site(
            Texts.read(settings.prompts / "pages.yaml"), Texts.read(settings.prompts / "look.yaml")
        )
        self._access, self._problems = access, problems
        hosts = Hosts.of(settings.hosts, settings.host)
        # With a proxy before it or a name that others know, loopback is no longer for this computer alone.
        is_private = is_loopback(settings.host) and hosts.are_local and settings.proxies is None
        limits = KeyLimits(counter, settings.rate, settings.daily_questions)
        self._guard = Guard(access, limits, hosts, is_private)

    @property
    def routes(self) -> list[BaseRoute]:
        """The pages to sign in and out, to stand before whatever is mounted at ``/``."""
        return SignInPages(self._site, self._texts, self._access).routes

    def stand_before(self, app: Starlette) -> None:
        """Let the gate stand before all that ``app`` has at this moment, its middleware too."""
        refusals = Refusals(Problems(self._problems), self._site, self._texts)
        app.add_middleware(AccessGate, guard=self._guard, refuse=refusals.answer)

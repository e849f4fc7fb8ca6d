"""What the assistant reads and can do at this moment, as pages tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.domain import Catalogue, Status
from assistant.errors import IndexUnavailable
from assistant.surfaces.pages.library.sources import ListedSource, list_sources


class Running(Protocol):
    """Tells what answers rest on and how it is doing; an assistant does."""

    @property
    def catalogue(self) -> Catalogue:
        """The sources, their texts and the cards; ``IndexUnavailable`` before the first index."""
        ...

    def status(self) -> Status:
        """Return what can be answered now, and whether more is being read."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """The sources with what is present of each, none before the first index, and the status."""

    status: Status
    sources: tuple[ListedSource, ...]

    @property
    def quoted(self) -> tuple[ListedSource, ...]:
        """The sources whose text is here."""
        return tuple(one for one in self.sources if one.is_present)

    @property
    def on_cards(self) -> tuple[ListedSource, ...]:
        """The sources of which only the cards tell."""
        return tuple(one for one in self.sources if not one.is_present)


def read_standing(running: Running) -> Standing:
    """Return how the assistant stands now."""
    try:
        sources = list_sources(running.catalogue)
    except IndexUnavailable:
        sources = ()
    return Standing(running.status(), sources)

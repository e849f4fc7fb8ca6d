"""The health check: what people answer, who answers, and with which keys.

Scores are 1 (not at all) to 5 (wholly); a tension is set from -2 (wholly left) to 2 (wholly right).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

MOST_ACTIONS = 3
"""So many actions are chosen at most, each with an owner and a date."""


class CheckKind(StrEnum):
    """A whole check, or a short one between two rounds."""

    FULL = "full"
    PULSE = "pulse"


@dataclass(frozen=True, slots=True)
class Response:
    """What one person answers to one item, tension or open question."""

    item_id: str
    score: int | None
    """1 to 5, or -2 to 2 for a tension; ``None`` if it doesn't apply, and for an open question."""
    remark: str = ""
    """Room to explain; for an open question, the answer."""


@dataclass(frozen=True, slots=True)
class Submission:
    """All that one person answered, and for which organisation; nothing says who it was."""

    organisation_id: str
    responses: tuple[Response, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A partner in the alliance that takes part in a check."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Check:
    """One round of a health check of one alliance."""

    id: str
    series_id: str
    """The same for all rounds of one alliance."""
    alliance: str
    kind: CheckKind
    round: int
    """Counted from 1 within the series."""
    version: str
    """Of the questionnaire."""
    organisations: tuple[Organisation, ...]
    created: datetime
    closed: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether people can still answer."""
        return self.closed is None


@dataclass(frozen=True, slots=True)
class Participation:
    """How many people of an organisation began, and how many finished."""

    organisation: Organisation
    begun: int
    finished: int


@dataclass(frozen=True, slots=True)
class Respondent:
    """One person's answers so far. Only who holds the code can see or change them."""

    code: str
    check: Check
    organisation: Organisation
    responses: Mapping[str, Response]
    """By item id."""
    is_finished: bool


@dataclass(frozen=True, slots=True)
class ChosenAction:
    """An action that the partners agreed on."""

    id: str
    """Of the ``Action``, or a slug of its title if the partners thought of it themselves."""
    title: str
    owner: str
    due: date
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Created:
    """A check just made: the key of who made it, and an invitation for every organisation, by its id."""

    check: Check
    owner_key: str
    invitations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A coach's view of several alliances: a key to see it, and a code to share a check with it."""

    key: str
    share_code: str

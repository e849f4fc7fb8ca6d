"""What the tests of hypotheses and briefs share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.settings import Settings
from tests.coach.briefs import Coach, coach_of


@pytest.fixture(scope="session")
def coach(card_settings: Settings) -> Iterator[Coach]:
    """Give a coach with the cards alone, who remembers the briefs that were made."""
    with coach_of(card_settings) as coach:
        yield coach

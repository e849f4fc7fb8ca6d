"""What a judge says about a claim and its evidence; the words that hand labels use too."""

from __future__ import annotations

from enum import StrEnum


class Support(StrEnum):
    """How far the evidence carries a claim."""

    SUPPORTED = "supported"
    """All that the claim says stands in the evidence."""
    PARTLY = "partly"
    """Some of it does, and nothing contradicts it."""
    UNSUPPORTED = "unsupported"
    """The evidence says something else, the opposite, or nothing about it."""

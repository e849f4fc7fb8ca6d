"""What the running assistant tells about itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: passages embedded, of how many; of none while they are being counted."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """The chat model that words answers."""

    name: str
    """As LangChain names it: ``openai:gpt-5``."""
    destination: str
    """The host that questions and passages are sent to, or the name of the provider."""


class Degraded(StrEnum):
    """Why answers aren't as good as they will be once the index has been made again."""

    OLDER = "older"
    """The newest version is damaged: the one before it answers."""
    KEYWORDS = "keywords"
    """The vectors of the passages are damaged: passages are found by their words."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the running assistant can do at this moment."""

    index_version: str | None
    """The version that answers, or ``None`` when there is none."""
    cards: int
    originals: tuple[str, ...]
    """Ids of the sources whose text can be quoted."""
    building: Progress | None
    """A build that is under way, or ``None``."""
    failure: str | None = None
    """Why the last build failed, in Dutch, or ``None``."""
    model: ModelInUse | None = None
    """The chat model that words answers, or ``None``: then nothing leaves the machine."""
    degraded: Degraded | None = None
    """What is wrong with the index that answers, or ``None`` if it is in order."""

    @property
    def is_ready(self) -> bool:
        """Whether a question can be answered."""
        return self.index_version is not None

"""The reference questions, read strictly."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("questions.yaml")


class Answerable(BaseModel):
    """A question that the sources answer, and how a right answer is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    cards: tuple[str, ...] = Field(min_length=1)
    """Cards of which at least one must carry the answer."""
    holds: tuple[str, ...] = ()
    """Words that the answer must hold."""


class Questions(BaseModel):
    """All reference questions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answered: tuple[Answerable, ...]
    refused: tuple[str, ...]


def read_questions(path: Path = FILE) -> Questions:
    """Read and validate the reference questions."""
    return Questions.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

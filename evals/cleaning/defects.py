"""What was broken in the originals, counted by patterns that know nothing of the code that cleans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("wording.yaml")


class Defect(BaseModel):
    """A kind of damage, and the patterns that find it in a text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    patterns: tuple[str, ...] = Field(min_length=1)

    def count(self, text: str) -> int:
        """Count how often the damage occurs in ``text``."""
        return sum(len(re.findall(pattern, text, re.MULTILINE)) for pattern in self.patterns)


class Wording(BaseModel):
    """The words of the report, and the defects that it counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    intro: str
    defects_title: str
    defects_intro: str
    repairs_title: str
    repairs_intro: str
    dropped_title: str
    dropped_intro: str
    sample_title: str
    sample_intro: str
    left_title: str
    left: tuple[str, ...]
    columns: Mapping[str, str]
    kinds: Mapping[str, str]
    """What each kind of repair is called."""
    sources: Mapping[str, str]
    """The heading of each source's column, in order."""
    defects: tuple[Defect, ...]


def read_wording(path: Path = FILE) -> Wording:
    """Read and validate the words of the report."""
    return Wording.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

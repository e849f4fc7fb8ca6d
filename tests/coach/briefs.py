"""What the tests of the brief share: situations, and a real index to read them with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assistant.answering.prompts import Texts
from assistant.bootstrap import load_engine
from assistant.coach.briefing import Toolbox, build_brief, read_toolbox
from assistant.coach.situations import Retrieves
from assistant.domain import Brief, Report
from assistant.indexing.opening import open_version
from assistant.indexing.versions import IndexFolder
from assistant.settings import Settings

CONDITIONS = frozenset({"ambitie", "vertrouwen", "besturing", "samenspel", "leren"})
SITUATIONS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("situations.yaml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Coach:
    """A toolbox and an index of the shipped cards."""

    toolbox: Toolbox
    retriever: Retrieves
    _made: dict[str, Brief] = field(default_factory=dict)

    def brief(self, situation: str, report: Report | None = None) -> Brief:
        """Make a brief, or give the one that was made before of the same situation alone."""
        if report is not None:
            return self._make(situation, report)
        if situation not in self._made:
            self._made[situation] = self._make(situation)
        return self._made[situation]

    def _make(self, situation: str, report: Report | None = None) -> Brief:
        return build_brief("Titel", situation, report, toolbox=self.toolbox, retriever=self.retriever)


@contextmanager
def coach_of(settings: Settings) -> Iterator[Coach]:
    """Open the newest version of an index for a coach."""
    folder = IndexFolder(settings.index_folder)
    opened = open_version(folder, folder.require_current(), load_engine(settings))
    wording = Texts.read(Path("prompts/brief.yaml"))
    toolbox = read_toolbox(Path("corpus/coaching"), opened.catalogue, CONDITIONS, wording)
    yield Coach(toolbox, opened.retriever)
    opened.close()


def told(id_: str) -> str:
    """Return the text of a situation."""
    return next(str(one["text"]) for one in SITUATIONS if one["id"] == id_)

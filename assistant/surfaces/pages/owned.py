"""Documents of one's own as pages show them: what each is, how far it is, and what to know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from assistant.answering.prompts import Texts
from assistant.domain import DocumentState, Notice, OwnDocument
from assistant.surfaces.pages.marking import OWN_DOCUMENTS
from assistant.surfaces.pages.moments import describe

_STEPS = ("B", "kB", "MB", "GB")
_THOUSAND = 1000
_MOST_NAMED = 12
"""Pages that are named one by one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as a list shows it."""

    document: OwnDocument
    link: str
    facts: tuple[str, ...]
    """What kind of file it is, how large, how long and of when."""
    state: str
    """In words; the progress too."""
    fault: str
    """Why it failed and what to do; empty if it didn't."""
    notices: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1; ``None`` while that isn't known."""
        return self.document.done / self.document.total if self.document.total else None


class Describing:
    """Tells of documents in the words of three files in ``prompts``."""

    def __init__(self, texts: Texts, faults: Texts, moments: Texts) -> None:
        """They are ``pages_documents.yaml``, ``documents.yaml`` and ``pages_conversations.yaml``."""
        self._texts, self._faults, self._moments = texts, faults, moments

    def show(self, documents: Iterable[OwnDocument], now: datetime) -> tuple[Shown, ...]:
        """Return documents as they are shown, in their order."""
        return tuple(self.show_one(one, now) for one in documents)

    def show_one(self, document: OwnDocument, now: datetime) -> Shown:
        """Return a document as it is shown."""
        return Shown(
            document,
            f"{OWN_DOCUMENTS}/{quote(document.id)}",
            tuple(self._facts(document, now)),
            self._state(document),
            self.fault(document.fault or "") if document.state is DocumentState.FAILED else "",
            tuple(self._notices(document)),
        )

    def fault(self, slug: str) -> str:
        """Return why a file can't be read, and what to do."""
        return self._faults.render(slug) if slug in self._faults else self._texts.render("fault_unknown")

    def _facts(self, document: OwnDocument, now: datetime) -> Iterator[str]:
        yield self._texts.render(f"format.{document.format}")
        yield size_of(document.size)
        if document.pages:
            key = "pages_one" if document.pages == 1 else "pages"
            yield self._texts.render(key, count=document.pages)
        if document.language:
            yield self._language(document.language)
        yield self._texts.render("added", when=describe(document.added, now, self._moments).lower())

    def _language(self, code: str) -> str:
        key = f"language.{code}"
        named = self._texts.render(key) if key in self._texts else code
        return self._texts.render("language", name=named)

    def _state(self, document: OwnDocument) -> str:
        key = f"state.{document.state}"
        if document.state in (DocumentState.READING, DocumentState.EMBEDDING) and not document.total:
            key = f"{key}.begun"
        if document.state is DocumentState.READY and document.passages == 1:
            key = f"{key}.one"
        return self._texts.render(key, done=document.done, total=document.total, count=document.passages)

    def _notices(self, document: OwnDocument) -> Iterator[str]:
        pages = {Notice.RECOGNISED: document.recognised, Notice.PAGES_UNREAD: document.unread}
        for notice in document.notices:
            said = self._faults.render(notice)
            yield f"{said} {self._named(pages[notice])}" if pages.get(notice) else said

    def _named(self, pages: tuple[int, ...]) -> str:
        named = ", ".join(map(str, pages[:_MOST_NAMED]))
        left = len(pages) - _MOST_NAMED
        return self._texts.render("on_pages_and_more" if left > 0 else "on_pages", pages=named, count=left)


def size_of(count: int) -> str:
    """Return a number of bytes as people read it: "1,2 MB"."""
    value, step = float(count), 0
    while value >= _THOUSAND and step < len(_STEPS) - 1:
        value, step = value / _THOUSAND, step + 1
    shown = f"{value:.1f}".replace(".", ",") if step and value < 10 else f"{value:.0f}"
    return f"{shown}\N{NO-BREAK SPACE}{_STEPS[step]}"

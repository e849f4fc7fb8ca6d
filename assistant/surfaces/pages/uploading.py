"""Files that a form brings: each is kept, or it is said why it wasn't."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import BoundedSemaphore
from urllib.parse import quote

from starlette.datastructures import UploadFile

from assistant.answering.prompts import Texts
from assistant.errors import DocumentError, DuplicateDocument, UnreadableDocument
from assistant.surfaces.owning import Documenting
from assistant.surfaces.pages.marking import OWN_DOCUMENTS
from assistant.surfaces.pages.owned import Describing
from assistant.surfaces.pages.site import Visit
from assistant.surfaces.uploads import FileTooLarge, require_size

AT_ONCE = 2
"""Files that are in memory at the same moment; the others wait on disk."""
FIELD = "bestand"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    name: str
    message: str
    is_kept: bool
    link: str = ""
    """The document that it became, or that it is the same as."""


class Uploading:
    """Keeps the files of forms."""

    def __init__(self, documents: Documenting, texts: Texts, describing: Describing) -> None:
        """``texts`` is ``prompts/pages_documents.yaml``."""
        self._documents, self._texts, self._describing = documents, texts, describing
        self._room = BoundedSemaphore(AT_ONCE)

    def keep(
        self, visit: Visit, owner: str, *, is_shared: bool = False, replaces: str | None = None
    ) -> tuple[Outcome, ...]:
        """Keep the files of a form, each on its own; none is an outcome too."""
        found = [one for one in visit.form.getlist(FIELD) if isinstance(one, UploadFile) and one.filename]
        if not found:
            return (Outcome("", self._texts.render("no_file"), is_kept=False),)
        wanted = found[:1] if replaces else found
        return tuple(self._keep(one, owner, is_shared=is_shared, replaces=replaces) for one in wanted)

    def refused(self, name: str, error: Exception) -> Outcome:
        """Return what to say of a file that isn't kept; raise the error if that isn't about the file."""
        match error:
            case FileTooLarge():
                return Outcome(name, self._texts.render("too_large", limit=error.detail), is_kept=False)
            case UnreadableDocument():
                return Outcome(name, self._describing.fault(error.details["fault"]), is_kept=False)
            case DuplicateDocument():
                link = f"{OWN_DOCUMENTS}/{quote(error.details['value'])}"
                said = self._texts.render("duplicate", title=error.details["title"])
                return Outcome(name, said, is_kept=False, link=link)
            case DocumentError() if f"refused.{error.code}" in self._texts:
                said = self._texts.render(f"refused.{error.code}", **error.details)
                return Outcome(name, said, is_kept=False)
        raise error

    def _keep(self, upload: UploadFile, owner: str, *, is_shared: bool, replaces: str | None) -> Outcome:
        name = upload.filename or ""
        try:
            with self._room:
                content = b"".join(_contents(upload))
                kept = self._documents.add(owner, name, content, is_shared=is_shared, replaces=replaces)
        except (DocumentError, FileTooLarge) as error:
            return self.refused(name, error)
        link = f"{OWN_DOCUMENTS}/{quote(kept.id)}"
        return Outcome(kept.name, self._texts.render("kept"), is_kept=True, link=link)


def _contents(upload: UploadFile) -> Iterator[bytes]:
    require_size(upload.file.seek(0, 2))
    upload.file.seek(0)
    yield upload.file.read()

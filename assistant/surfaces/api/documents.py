"""``/v1/documents``: documents of one's own, to be read along with the literature."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from assistant.answering.prompts import Texts
from assistant.domain import DocumentState, OwnDocument
from assistant.surfaces.api.answers import require_json
from assistant.surfaces.api.document_schemas import (
    DocumentId,
    DocumentResponse,
    DocumentsResponse,
    FaultResponse,
    ShareRequest,
    WorkResponse,
)
from assistant.surfaces.api.problems import Fault, Rejection
from assistant.surfaces.owning import Documenting, owner_by_program
from assistant.surfaces.uploads import FileTooLarge, attachment, require_size

PATH = "/documents"
AT_ONCE = 2
"""Files that are in memory at the same moment; the others wait on disk."""
LONGEST_NAME = 255

_IN_MEMORY = 1_048_576
_FORM = "multipart/form-data"
_RAW = (
    "application/octet-stream",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
    "text/markdown",
    "text/html",
)
_LOOK_AGAIN = "1"

Id = Annotated[DocumentId, Path()]
Name = Annotated[
    str | None, Query(max_length=LONGEST_NAME, description="Of the file, where the body is the file itself")
]
Sharing = Annotated[
    bool | None,
    Query(description="Whether everybody who may ask finds it, where the body is the file itself"),
]

_FILE: dict[str, Any] = {"type": "string", "format": "binary", "minLength": 1}
_BODY: dict[str, Any] = {
    "required": True,
    "description": "The file: as the field `file` of a form, or by itself with `?name=`; 50 MB at most",
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {**_FILE, "description": "A PDF, DOCX, TXT, Markdown or HTML file"},
                    "shared": {
                        "type": "string",
                        "enum": ["true", "false"],
                        "description": "Whether everybody who may ask finds it",
                    },
                },
            }
        },
        _RAW[0]: {"schema": _FILE},
    },
}
_ACCEPTED: dict[str, Any] = {
    "description": "The document, which is being read now",
    "headers": {
        "Location": {"description": "The address of the document", "schema": {"type": "string"}},
        "Retry-After": {"description": "Seconds until it is worth asking", "schema": {"type": "integer"}},
    },
}
_DOWNLOAD: dict[str, Any] = {
    "description": "The file as it was added",
    "content": {_RAW[0]: {"schema": {"type": "string", "format": "binary"}}},
}


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in, on disk if it is large."""

    name: str
    file: BinaryIO
    is_shared: bool | None


class DocumentPresenter:
    """Writes documents as the contract has them, in the words of ``prompts/documents.yaml``."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def present(self, document: OwnDocument) -> DocumentResponse:
        """Return a document."""
        return DocumentResponse(
            id=document.id,
            name=document.name,
            title=document.title,
            format=document.format.value,
            size=document.size,
            state=document.state.value,
            added=document.added,
            shared=document.is_shared,
            version=document.version,
            replaces=document.replaces,
            superseded=document.is_superseded,
            pages=document.pages,
            passages=document.passages,
            progress=_progress(document),
            language=document.language,
            notices=[notice.value for notice in document.notices],
            recognised_pages=list(document.recognised),
            unread_pages=list(document.unread),
            fault=self._fault(document),
        )

    def _fault(self, document: OwnDocument) -> FaultResponse | None:
        if document.fault is None:
            return None
        return FaultResponse(code=document.fault, detail=self._texts.render(document.fault))


def build_documents(documents: Documenting, texts: Texts) -> APIRouter:
    """Return the routes of documents; ``texts`` is ``prompts/documents.yaml``."""
    router = APIRouter(tags=["documents"])
    presenter, room = DocumentPresenter(texts), CapacityLimiter(AT_ONCE)

    async def keep(
        request: Request, name: str | None, is_shared: bool | None, replaces: str | None = None
    ) -> OwnDocument:
        async with _received(request, name, is_shared) as received:
            add = partial(_add, documents, owner_by_program(request), received, replaces)
            return await run_sync(add, limiter=room)

    @router.post(
        PATH, status_code=202, responses={202: _ACCEPTED, 409: {}}, openapi_extra={"requestBody": _BODY}
    )
    async def add_document(
        request: Request, response: Response, name: Name = None, shared: Sharing = None
    ) -> DocumentResponse:
        """Add a document; it is found once it is `ready`, by who added it alone unless `shared`."""
        document = await keep(request, name, shared)
        return _note(response, request.url.path, presenter.present(document))

    @router.put(
        PATH + "/{document_id}",
        status_code=202,
        responses={202: _ACCEPTED, 409: {}},
        openapi_extra={"requestBody": _BODY},
    )
    async def replace_document(
        document_id: Id, request: Request, response: Response, name: Name = None, shared: Sharing = None
    ) -> DocumentResponse:
        """Add a newer version of a document; until it is `ready`, the older one is found."""
        document = await keep(request, name, shared, document_id)
        place = request.url.path.rpartition("/")[0]
        return _note(response, place, presenter.present(document))

    router.include_router(_build_looking(documents, presenter), prefix=PATH)
    router.include_router(_build_changing(documents, presenter), prefix=PATH)
    return router


def _build_looking(documents: Documenting, presenter: DocumentPresenter) -> APIRouter:
    """Return the routes that show documents."""
    router = APIRouter()

    @router.get("")
    def list_documents(request: Request, response: Response) -> DocumentsResponse:
        """List the documents that you added, without the versions that were replaced."""
        response.headers["Cache-Control"] = "no-store"
        listed = documents.list(owner_by_program(request))
        return DocumentsResponse(documents=[presenter.present(one) for one in listed])

    @router.get("/{document_id}")
    def read_document(document_id: Id, request: Request, response: Response) -> DocumentResponse:
        """Say how far a document is, your own or one that is shared. While it is read, ask again."""
        return _note(response, "", presenter.present(documents.get(owner_by_program(request), document_id)))

    @router.get("/{document_id}/text", response_class=PlainTextResponse, responses={409: {}})
    def read_document_text(document_id: Id, request: Request) -> PlainTextResponse:
        """Return the text that was read of a document; citations count its code points."""
        read = documents.text(owner_by_program(request), document_id)
        return PlainTextResponse(read.text, headers={"Cache-Control": "no-store"})

    @router.get("/{document_id}/file", response_class=Response, responses={200: _DOWNLOAD})
    def download_document(document_id: Id, request: Request) -> Response:
        """Return the file as it was added."""
        owner = owner_by_program(request)
        document = documents.get(owner, document_id)
        return attachment(document.name, documents.file(owner, document_id))

    @router.get("/{document_id}/history")
    def read_document_history(document_id: Id, request: Request) -> DocumentsResponse:
        """List all versions of a document that you added."""
        listed = documents.history(owner_by_program(request), document_id)
        return DocumentsResponse(documents=[presenter.present(one) for one in listed])

    return router


def _build_changing(documents: Documenting, presenter: DocumentPresenter) -> APIRouter:
    """Return the routes that change documents of who asks."""
    router = APIRouter()

    @router.patch("/{document_id}", dependencies=[Depends(require_json)])
    def share_document(document_id: Id, body: ShareRequest, request: Request) -> DocumentResponse:
        """Share a document with everybody who may ask here, or stop sharing it."""
        return presenter.present(documents.share(owner_by_program(request), document_id, body.shared))

    @router.post("/{document_id}/cancel", responses={409: {}})
    def cancel_document(document_id: Id, request: Request) -> DocumentResponse:
        """Stop reading a document that isn't ready yet."""
        return presenter.present(documents.cancel(owner_by_program(request), document_id))

    @router.delete("/{document_id}", status_code=204)
    def remove_document(document_id: Id, request: Request) -> None:
        """Erase a document with all its versions, and the conversations that quote it."""
        documents.remove(owner_by_program(request), document_id)

    return router


# ── A file that comes in ─────────────────────────────────────────────────────


@asynccontextmanager
async def _received(request: Request, name: str | None, is_shared: bool | None) -> AsyncIterator[Received]:
    """Give the file of a request, on disk if it is large; raise ``Rejection`` for what isn't a file."""
    kind = _media_type(request)
    if kind == _FORM:
        try:
            yield await _in_form(request)
        finally:
            await request.close()
        return
    if kind not in _RAW:
        raise Rejection(415, "mediatype-bestand")
    if not (name or "").strip():
        raise Rejection(422, "ongeldig-verzoek", [Fault("name", "veld.ontbreekt")])
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        async for chunk in request.stream():
            file.write(chunk)
        yield Received(str(name), cast("BinaryIO", file), is_shared)


async def _in_form(request: Request) -> Received:
    try:
        form = await request.form(max_files=1, max_fields=8)
    except HTTPException as error:
        if isinstance(error, FileTooLarge):
            raise
        raise Rejection(400, "geen-formulier") from error
    found, shared = form.get("file"), form.get("shared", "")
    if not isinstance(found, UploadFile):
        raise Rejection(422, "ongeldig-verzoek", [Fault("file", "veld.ontbreekt")])
    if shared not in ("", "true", "false"):
        raise Rejection(422, "ongeldig-verzoek", [Fault("shared", "veld.geen-boolean")])
    return Received(found.filename or "", found.file, {"true": True, "false": False}.get(str(shared)))


def _media_type(request: Request) -> str:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    return message.get_content_type() if "content-type" in request.headers else ""


def _add(documents: Documenting, owner: str, received: Received, replaces: str | None) -> OwnDocument:
    require_size(received.file.seek(0, 2))
    received.file.seek(0)
    is_shared = received.is_shared
    if is_shared is None:
        is_shared = replaces is not None and documents.get(owner, replaces).is_shared
    content = received.file.read()
    return documents.add(owner, received.name, content, is_shared=is_shared, replaces=replaces)


# ── What goes out ────────────────────────────────────────────────────────────


def _progress(document: OwnDocument) -> WorkResponse | None:
    if not document.is_working:
        return None
    is_embedding = document.state is DocumentState.EMBEDDING
    return WorkResponse(done=document.done, total=document.total, unit="passage" if is_embedding else "page")


def _note(response: Response, place: str, shown: DocumentResponse) -> DocumentResponse:
    """Say where a document is, and after how many seconds it is worth asking again; keep it from caches."""
    response.headers["Cache-Control"] = "no-store"
    if place:
        response.headers["Location"] = f"{place}/{shown.id}"
    if shown.progress:
        response.headers["Retry-After"] = _LOOK_AGAIN
    return shown

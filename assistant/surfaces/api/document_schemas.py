"""The JSON of documents that people add themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DocumentId = Annotated[
    str,
    Field(
        description="Of the document; who may not see it, gets 404",
        json_schema_extra={"format": "document-id"},
    ),
]


class ShareRequest(BaseModel):
    """Who finds a document."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    shared: bool = Field(description="Whether everybody who may ask finds it, or only who added it")


class WorkResponse(BaseModel):
    """How far the reading is."""

    done: int = Field(description="Pages that are read, or passages that can be found")
    total: int = Field(description="Of how many; 0 while that is not known yet")
    unit: Literal["page", "passage"] = Field(description="What is counted")


class FaultResponse(BaseModel):
    """Why a document couldn't be read."""

    code: str = Field(description="Stable, such as encrypted")
    detail: str = Field(description="What is wrong and what to do, in Dutch")


class DocumentResponse(BaseModel):
    """A document that somebody added, without its text."""

    id: str = Field(description="Begins with eigen-; citations name it as their source_id")
    name: str = Field(description="Of the file")
    title: str = Field(description="What the document calls itself, or else the name")
    format: str = Field(description="pdf, docx, txt, md or html")
    size: int = Field(description="Bytes of the file")
    state: Literal["queued", "reading", "embedding", "ready", "failed", "cancelled"] = Field(
        description="Questions find it once it is ready"
    )
    added: datetime = Field(description="When it was added")
    shared: bool = Field(description="Whether everybody who may ask finds it")
    version: int = Field(description="Counted from 1")
    replaces: str | None = Field(description="The id of the version before; null for the first")
    superseded: bool = Field(description="Whether a newer version has taken its place; then it isn't found")
    pages: int | None = Field(description="How many; null for a format without pages, or while not known")
    passages: int = Field(description="How many can be found")
    progress: WorkResponse | None = Field(description="How far the reading is; null once nothing more comes")
    language: str | None = Field(description="ISO 639-1, such as nl; null if there is too little to tell")
    notices: list[str] = Field(
        description="What to know of how it was read: recognised, pages_unread, other_language, cut"
    )
    recognised_pages: list[int] = Field(description="Scans whose text was recognised: it may hold mistakes")
    unread_pages: list[int] = Field(description="Scans that couldn't be recognised")
    fault: FaultResponse | None = Field(description="Why it failed; null if it didn't")


class DocumentsResponse(BaseModel):
    """Documents."""

    documents: list[DocumentResponse] = Field(description="The newest first")

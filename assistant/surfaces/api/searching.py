"""``GET /v1/search``: the passages for a question, whether or not they answer it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from assistant.surfaces.api.presenting import present_passages
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.reading import Limits, Shelves, read_search
from assistant.surfaces.api.schemas import SearchRequest, SearchResponse
from assistant.surfaces.owning import owner_by_program


def build_searching(assistant: Answering, limits: Limits, shelves: Shelves) -> APIRouter:
    """Return the route that searches."""
    router = APIRouter(tags=["library"])

    @router.get("/search")
    def search(wanted: Annotated[SearchRequest, Query()], request: Request) -> SearchResponse:
        """Find the passages for a question, in the cards and in the originals."""
        reader = owner_by_program(request)
        question = read_search(wanted, limits, shelves.known(wanted.sources, reader), reader)
        found = assistant.search(question, wanted.limit)
        return SearchResponse(query=question.text, passages=list(present_passages(found)))

    return router

"""``/docs``: a page of our own, because Swagger UI loads its scripts from another host."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse

_PAGE = Path(__file__).with_name("docs.html")


def build_documentation() -> APIRouter:
    """Return the route that explains the contract to people."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def show_documentation() -> HTMLResponse:
        return HTMLResponse(_PAGE.read_text(encoding="utf-8"))

    return router

"""Speaks the protocol: lists and calls tools, lists and reads resources, and words what goes wrong.

What is wrong with a call is a result with ``is_error``, which the assistant at the other end can read
and mend; the texts are those of the API, with ``prompts/mcp.yaml`` for what is called otherwise here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import anyio.to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextContent,
)

from assistant.answering.prompts import Texts
from assistant.surfaces.api.problems import Problems, Rejection
from assistant.surfaces.api.schemas import Problem
from assistant.surfaces.mcp.connecting import Connect
from assistant.surfaces.mcp.describing import describe_tool
from assistant.surfaces.mcp.resources import Resources
from assistant.surfaces.mcp.tools import Library, Tools
from assistant.surfaces.mcp.writing import Writer

_Asked = ServerRequestContext[Any, Any]
_T = TypeVar("_T")


def build_server(library: Library, connect: Connect, texts: Texts, problems: Texts) -> Server[Any]:
    """Return the server over a library; ``texts`` is ``prompts/mcp.yaml``, which goes before ``problems``."""
    told = Problems(Texts(texts.file, {**problems.entries, **texts.entries}))
    writer = Writer(texts)
    serving = _Serving(library, connect, writer, texts, told)
    return Server(
        "alliantie-assistent",
        title=texts.render("name"),
        version="1",
        instructions=texts.render("instructions"),
        on_list_tools=serving.list_tools,
        on_call_tool=serving.call_tool,
        on_list_resources=serving.list_resources,
        on_read_resource=serving.read_resource,
        get_tool_input_schema=serving.schema_of,
    )


class _Serving:
    def __init__(
        self, library: Library, connect: Connect, writer: Writer, texts: Texts, problems: Problems
    ) -> None:
        self._connect = connect
        self._problems = problems
        self._resources = Resources(library, writer, texts)
        self._tools = Tools(library, writer).all()
        self._listed = {
            name: describe_tool(tool, texts, library.limits) for name, tool in self._tools.items()
        }

    async def list_tools(self, ctx: _Asked, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=list(self._listed.values()))

    def schema_of(self, name: str) -> dict[str, Any] | None:
        return self._listed[name].input_schema if name in self._listed else None

    async def call_tool(self, ctx: _Asked, params: CallToolRequestParams) -> CallToolResult:
        tool = self._tools.get(params.name)
        if tool is None:
            raise self._refuse(Rejection(404, "onbekende-tool", value=params.name))
        try:
            connection = self._connect(ctx.request)
            result, text = await anyio.to_thread.run_sync(tool.call, params.arguments or {}, connection)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the assistant that called must be told
            told = TextContent(type="text", text=_told(self._problems.describe(error)))
            return CallToolResult(content=[told], is_error=True)
        return CallToolResult(
            content=[TextContent(type="text", text=text)], structured_content=result.model_dump(mode="json")
        )

    async def list_resources(self, ctx: _Asked, params: PaginatedRequestParams | None) -> ListResourcesResult:
        return await self._run(self._resources.list)

    async def read_resource(self, ctx: _Asked, params: ReadResourceRequestParams) -> ReadResourceResult:
        return await self._run(lambda: self._resources.read(params.uri))

    async def _run(self, read: Callable[[], _T]) -> _T:
        try:
            return await anyio.to_thread.run_sync(read)
        except Exception as error:
            raise self._refuse(error) from error

    def _refuse(self, error: Exception) -> MCPError:
        problem = self._problems.describe(error)
        return MCPError(INVALID_PARAMS if problem.status < 500 else INTERNAL_ERROR, _told(problem))


def _told(problem: Problem) -> str:
    """Return all that is wrong; the detail has the first field already."""
    return " ".join([problem.detail, *(one.message for one in (problem.errors or [])[1:])])

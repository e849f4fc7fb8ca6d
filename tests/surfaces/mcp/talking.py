"""The SDK's own client, for tests without an event loop: one connection, kept open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.server.lowlevel import Server
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp_types import CallToolResult, Resource, TextContent, Tool

_T = TypeVar("_T")


class Told(Exception):
    """What a tool says is wrong."""


class Talking:
    """A connection to a server."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client

    def call(self, tool: str, **arguments: object) -> CallToolResult:
        """Return whatever a tool returns, an error too."""
        return self._portal.call(partial(self.client.call_tool, tool, arguments))

    def value(self, tool: str, **arguments: object) -> dict[str, Any]:
        """Return the value of a tool that must succeed; the client has checked it against the schema."""
        result = self.call(tool, **arguments)
        if result.is_error:
            raise Told(text_of(result))
        value: dict[str, Any] = result.structured_content
        return value

    def error(self, tool: str, **arguments: object) -> str:
        """Return what a tool says of arguments that it must refuse."""
        result = self.call(tool, **arguments)
        assert result.is_error
        assert result.structured_content is None
        return text_of(result)

    def tools(self) -> dict[str, Tool]:
        """Return the tools by name."""
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def resources(self) -> list[Resource]:
        """Return what can be read."""
        return list(self._portal.call(self.client.list_resources).resources)

    def read(self, address: str) -> str:
        """Return the text of a resource."""
        contents = self._portal.call(partial(self.client.read_resource, address)).contents
        return str(json.loads(contents[0].model_dump_json())["text"])


def text_of(result: CallToolResult) -> str:
    """Return what a result says to who reads it."""
    assert len(result.content) == 1
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


@contextmanager
def talking(server: Server[Any] | StdioServerParameters | str, mode: str = "auto") -> Iterator[Talking]:
    """Connect to a server: one in this process, one to be started, or one at an address."""
    with start_blocking_portal() as portal:
        client = Client(server, mode=mode)
        with portal.wrap_async_context_manager(client) as connected:
            yield Talking(portal, connected)


@contextmanager
def talking_with(headers: dict[str, str], address: str) -> Iterator[Talking]:
    """Connect to an address with headers of one's own."""
    with start_blocking_portal() as portal:
        http = portal.call(partial(create_mcp_http_client, headers=headers))
        with portal.wrap_async_context_manager(http) as connected:
            transport = streamable_http_client(address, http_client=connected)
            with portal.wrap_async_context_manager(Client(transport)) as client:
                yield Talking(portal, client)

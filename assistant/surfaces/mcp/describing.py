"""Tools as a list shows them: what each does in Dutch, what it takes, and what it returns."""

from __future__ import annotations

from typing import Any, Final

from mcp_types import Tool as ListedTool
from mcp_types import ToolAnnotations

from assistant.answering.prompts import Texts
from assistant.surfaces.api.reading import Limits
from assistant.surfaces.mcp.arguments import LONGEST_PASSAGE, MOST_PASSAGES, WIDEST_MARGIN
from assistant.surfaces.mcp.tools import Tool

_UNTOLD: Final = frozenset({"title", "description", "pattern", "format"})
"""What a schema says in English, or too precisely to help."""


def describe_tool(tool: Tool[Any, Any], texts: Texts, limits: Limits) -> ListedTool:
    """Return a tool as a client sees it. Its words are ``<tool>``, ``<tool>.titel``, ``<tool>.<field>``."""
    values = {
        "question": limits.question,
        "turns": limits.turns,
        "turn": limits.turn,
        "passages": MOST_PASSAGES,
        "longest": LONGEST_PASSAGE,
        "margin": WIDEST_MARGIN,
    }
    accepted = _plain(tool.arguments.model_json_schema())
    for name, field in accepted["properties"].items():
        field["description"] = texts.render(f"{tool.name}.{name}", **values)
    title = texts.render(f"{tool.name}.titel")
    return ListedTool(
        name=tool.name,
        title=title,
        description=texts.render(tool.name, **values),
        input_schema=accepted,
        output_schema=_plain(tool.result.model_json_schema(mode="serialization")),
        annotations=ToolAnnotations(
            title=title,
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _plain(schema: Any) -> Any:
    """Return a schema without the words and rules that a client of these tools has no use for."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _plain(value)
        for name, value in schema.items()
        if name not in _UNTOLD or isinstance(value, dict)  # a property may have such a name
    }

"""YAML that enters is validated at once, and a mistake is told with its line and field.

The only module here that knows PyYAML.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]
Fail = Callable[[int, str], Exception]
"""Makes the error to raise from a line (counted from 1) and a reason."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where each field of a YAML text stands; ``first`` is the line that the text begins on."""

    root: yaml.Node | None
    first: int

    def at(self, location: Location) -> int:
        """Line of the deepest part of ``location`` that exists."""
        node, line = self.root, 0
        for step in location:
            found = _step(node, step)
            if found is None:
                break
            line, node = found
        return self.first + line


def parse_yaml(text: str, model: type[Model], fail: Fail, first: int = 1) -> tuple[Model, Lines]:
    """Read ``text`` as ``model``, or raise what ``fail`` makes of the first mistake."""
    try:
        lines = Lines(yaml.compose(text, Loader=yaml.SafeLoader), first)
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise fail(first + line, error.problem or "not YAML") from error
    except (yaml.YAMLError, ValueError) as error:
        raise fail(first, str(error).splitlines()[0]) from error
    try:
        return model.model_validate(content), lines
    except ValidationError as error:
        mistake = error.errors()[0]
        field = ".".join(str(step) for step in mistake["loc"])
        raise fail(lines.at(mistake["loc"]), f"{field}: {mistake['msg']}") from error


def _step(node: yaml.Node | None, step: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    return None

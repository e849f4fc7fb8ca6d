"""YAML that enters is validated at once, and a mistake is told with its line and field.

The only module here that knows PyYAML.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.corpus.findings import Fault

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]
_FAULTS = {"missing": Fault.MISSING_FIELD, "extra_forbidden": Fault.UNKNOWN_FIELD}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What's wrong with a YAML text; ``line`` counts from 1."""

    line: int
    fault: Fault
    reason: str
    name: str = ""
    """What it's about: a field, or an id or title."""


Fail = Callable[[Mistake], Exception]
"""Makes the error to raise."""


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
        node, content = _load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise fail(Mistake(first + line, Fault.BROKEN_YAML, error.problem or "not YAML")) from error
    except (yaml.YAMLError, ValueError) as error:
        raise fail(Mistake(first, Fault.BROKEN_YAML, str(error).splitlines()[0])) from error
    lines = Lines(node, first)
    try:
        return model.model_validate(content), lines
    except ValidationError as error:
        raise fail(_mistake(error, lines)) from error


def _load(text: str) -> tuple[yaml.Node | None, Any]:
    """Read YAML once: where everything stands, and what it says.

    The loader in C is several times as fast; the one in Python tells what is wrong with a text.
    """
    try:
        return _read(getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text))
    except (yaml.YAMLError, ValueError):
        return _read(yaml.SafeLoader(text))


def _read(loader: yaml.SafeLoader | yaml.CSafeLoader) -> tuple[yaml.Node | None, Any]:
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _mistake(error: ValidationError, lines: Lines) -> Mistake:
    first = error.errors()[0]
    field = ".".join(str(step) for step in first["loc"])
    fault = _FAULTS.get(first["type"], Fault.WRONG_FIELD)
    reason = ": ".join(part for part in (field, first["msg"]) if part)
    return Mistake(lines.at(first["loc"]), fault, reason, field)


def _step(node: yaml.Node | None, step: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    return None

"""A file of the health check or the coach, validated as it is read; a mistake names its line.

The only module of the coach that knows PyYAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.errors import InvalidQuestionnaire

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML file that could be parsed, with where everything stands."""

    path: Path
    text: str
    root: yaml.Node | None

    @classmethod
    def read(cls, path: Path) -> YamlFile:
        """Read a file; raise ``InvalidQuestionnaire`` if it isn't YAML or a key of it is repeated."""
        try:
            text = path.read_text(encoding="utf-8")
            file = cls(path, text, yaml.compose(text, Loader=yaml.SafeLoader))
        except (OSError, UnicodeDecodeError) as error:
            raise _invalid(path, 1, str(error)) from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            raise _invalid(path, line + 1, error.problem or "not YAML") from error
        except yaml.YAMLError as error:
            raise _invalid(path, 1, str(error).splitlines()[0]) from error
        for key in _repeated_keys(file.root):
            raise _invalid(path, key.start_mark.line + 1, f"'{key.value}' occurs twice")
        return file

    def parse(self, shape: TypeAdapter[Content]) -> Content:
        """Return the content in its shape, or raise ``InvalidQuestionnaire`` for the first mistake."""
        try:
            return shape.validate_python(yaml.safe_load(self.text))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(step) for step in first["loc"])
            raise self.mistake(f"{field}: {first['msg']}", *first["loc"]) from error
        except ValueError as error:  # a date or number that isn't one
            raise self.mistake(str(error)) from error

    def mistake(self, reason: str, *location: int | str) -> InvalidQuestionnaire:
        """Return the error for what stands at ``location``: keys and positions from the top."""
        node, line = self.root, 0
        for step in location:
            found = _step(node, step)
            if found is None:
                break
            line, node = found
        return _invalid(self.path, line + 1, reason)


def _invalid(path: Path, line: int, reason: str) -> InvalidQuestionnaire:
    return InvalidQuestionnaire(file=f"{path.parent.name}/{path.name}", line=str(line), reason=reason)


def _step(node: yaml.Node | None, step: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    return None


def _repeated_keys(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _repeated_keys(one)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key
            seen.add(key.value)
            yield from _repeated_keys(value)

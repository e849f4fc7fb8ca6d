"""Texts for readers: they live in ``prompts/*.yaml``, are validated on load, and never in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import yaml

from assistant.errors import InvalidTexts


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one file, by key; ``{name}`` marks a placeholder.

    What a person typed may fill a placeholder, but is never itself read as a template.
    """

    file: str
    entries: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> Texts:
        """Read a YAML mapping of key to text; raise ``InvalidTexts`` where it is anything else."""
        try:
            loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise InvalidTexts(file=path.name, key="", reason=str(error)) from error
        if not isinstance(loaded, dict):
            raise InvalidTexts(file=path.name, key="", reason="not a mapping")
        for key, text in loaded.items():
            _validate(path.name, key, text)
        return cls(path.name, {key: text.strip() for key, text in loaded.items()})

    def render(self, key: str, /, **values: object) -> str:
        """Return the text for ``key`` with its placeholders filled."""
        if key not in self.entries:
            raise InvalidTexts(file=self.file, key=key, reason="unknown key")
        missing = self.placeholders(key) - values.keys()
        if missing:
            raise InvalidTexts(file=self.file, key=key, reason=f"no value for {', '.join(sorted(missing))}")
        return self.entries[key].format_map(values)

    def placeholders(self, key: str) -> frozenset[str]:
        """Return the names of the placeholders in a text."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.entries[key]) if name)

    def __contains__(self, key: str) -> bool:
        return key in self.entries


def _validate(file: str, key: object, text: object) -> None:
    if not isinstance(key, str) or not isinstance(text, str):
        raise InvalidTexts(file=file, key=str(key), reason="not a text")
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise InvalidTexts(file=file, key=key, reason=str(error)) from error
    if not all(name.isidentifier() for name in names):
        raise InvalidTexts(file=file, key=key, reason="a placeholder is a plain name")

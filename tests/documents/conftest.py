"""Files made here, and read here: in this process, but for what the child itself must show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.documents import Limits
from assistant.documents.files import read_file
from assistant.documents.messages import Order
from assistant.domain import DocumentFormat, ReadText

Read = Callable[..., ReadText]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read bytes as a file of a format, in this process."""

    def read_bytes(
        content: bytes, kind: DocumentFormat, limits: Limits | None = None, program: str | None = None
    ) -> ReadText:
        path = tmp_path / "document"
        path.write_bytes(content)
        order = Order(str(path), kind, limits or Limits(), program)
        return read_file(order, lambda step: None)

    return read_bytes

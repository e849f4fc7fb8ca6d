"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def originals() -> Path:
    """Give the folder with the original texts, or skip the test where there is none."""
    beside = Path(__file__).parents[2] / "shared" / "sources"
    folder = Path(os.environ.get("ASSISTANT_ORIGINALS", beside))
    if not folder.is_dir():
        pytest.skip("the original texts aren't here")
    return folder

"""Runs all other tests where there is no network: ``python -m tests.faults.suite_without_network``."""

from __future__ import annotations

import sys

import pytest

from tests.faults.reaching import raise_loopback

if __name__ == "__main__":
    raise_loopback()
    workers = ["--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
    sys.exit(pytest.main(["tests", "--ignore", "tests/faults", *workers]))

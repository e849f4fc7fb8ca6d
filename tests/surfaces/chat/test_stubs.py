"""Gradio writes no type stubs when the page is loaded, and Python is as before afterwards."""

from __future__ import annotations

import subprocess
import sys

_LOAD = """
import ast, inspect

read, getfile, original = [], inspect.getfile, ast.get_source_segment
def counted(*given, **named):
    read.append(given)
    return original(*given, **named)
ast.get_source_segment = counted

from assistant.surfaces.chat import load_page
load_page()

import gradio
assert not read, f"{len(read)} stubs"
assert inspect.getfile is getfile
assert inspect.getfile(gradio.Textbox).endswith("textbox.py")
"""


def test_the_page_is_loaded_without_stubs() -> None:
    done = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

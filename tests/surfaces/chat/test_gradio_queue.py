"""What the page sets of Gradio's queue is there: Gradio has no setting for it."""

from __future__ import annotations

import subprocess
import sys

_LOOK = """
from assistant.surfaces.chat import load_page
load_page()

import gradio
queue = vars(gradio.Blocks()._queue)
assert {"sleep_when_free", "progress_update_sleep_when_free"} <= queue.keys(), sorted(queue)
"""


def test_gradio_rests_between_two_looks_at_its_queue() -> None:
    # Under another name, the page would set what nothing looks at, and an idle server would be busy.
    done = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

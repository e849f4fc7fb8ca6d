"""What the page is made of in Gradio, apart from what is on it; with ``page`` the only one to import it."""

from __future__ import annotations

import inspect
from typing import Any

import gradio as gr

PRESSED = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-doe]');
  if (button) trigger('click', { doe: button.dataset.doe, tekst: button.dataset.tekst ?? button.innerText });
});
"""
"""Lets the buttons in a piece of HTML reach the page, as the event that they were pressed."""
LOOKS_EVERY = 0.01
"""Seconds after which Gradio looks into an empty queue again. By itself it does a thousand times a second,
which keeps a processor busy though nobody asks anything; there is no setting for it."""
REPORTS_EVERY = 0.25
"""The same for how far events are, of which nothing is shown."""


def build_html(value: str = "", elem_id: str | None = None, js: str | None = None) -> gr.HTML:
    """Return a piece of HTML; Gradio fills it in the browser, which takes ``unsafe-eval``."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=js, apply_default_css=False)


def build_theme() -> gr.themes.Base:
    """Return a theme of system fonts, which asks nothing of any other host."""
    font = [gr.themes.Font(name) for name in ("system-ui", "-apple-system", "Segoe UI", "sans-serif")]
    mono = [gr.themes.Font(name) for name in ("ui-monospace", "Consolas", "monospace")]
    return gr.themes.Base(font=font, font_mono=mono)


def spare_the_processor(blocks: gr.Blocks) -> None:
    """Let Gradio rest while nobody asks anything; call it once the page and its queue are complete.

    It also works out what can be set of a kind of component at every change of one; here that is done once.
    """
    queue = blocks._queue
    queue.sleep_when_free, queue.progress_update_sleep_when_free = LOOKS_EVERY, REPORTS_EVERY
    for kind in {type(block) for block in blocks.blocks.values()}:
        init: Any = kind.__init__
        init.__signature__ = inspect.signature(init)

"""The Gradio page: its layout, its events and its settings; the one module that imports Gradio.

Importing it takes seconds, so ``mounting`` does that when a page is asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import gradio as gr
from starlette.applications import Starlette

from assistant.answering.prompts import Texts
from assistant.domain import Catalogue, Status
from assistant.errors import IndexUnavailable
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.chat.conversation import Answering, Exchange, View, converse, fail, stop
from assistant.surfaces.chat.panels import Panels

FIRST_QUESTIONS = 6
FOLLOW_UPS = 11
"""Ways to go on that are offered at most: what the coach asks has the most."""
AT_ONCE = 16
"""Questions that are answered at the same time; more wait in the queue."""
WAITING = 64
"""Events that may wait in the queue; more are turned away."""
REFRESH_SECONDS = 1.5
"""How often the status line looks, while a build is under way."""
HOUR = 3600

_logger = logging.getLogger(__name__)

Exchanges = tuple[Exchange, ...]
Updates = list[Any]
"""One update for each of ``Page.shown``, in its order."""


class Page:
    """The components of the page, and what happens between them."""

    def __init__(
        self,
        assistant: Answering,
        texts: Texts,
        panels: Panels,
        max_question_length: int,
        coach: ChatCoach | None = None,
    ) -> None:
        self._assistant = assistant
        self._text = texts.render
        self._panels = panels
        self._coach = coach
        # Gradio sends statistics from here only, and not with this switch.
        self._blocks = gr.Blocks(
            title=texts.render("title"),
            analytics_enabled=False,
            delete_cache=(HOUR, HOUR),
            fill_width=True,
        )
        with self._blocks:
            self._lay_out(max_question_length)
            self._connect()
        self._blocks.queue(max_size=WAITING, api_open=False, default_concurrency_limit=AT_ONCE)

    def mount(self, app: Starlette, blocked: Sequence[Path], icon: Path) -> None:
        """Mount the page at ``/`` behind the routes that ``app`` has; ``blocked`` is never served."""
        gr.mount_gradio_app(
            cast("Any", app),
            self._blocks,
            path="/",
            head=self._panels.head(),
            theme=_build_theme(),
            favicon_path=str(icon),
            footer_links=[],
            run_history=False,
            allowed_paths=[],
            blocked_paths=[str(path.resolve()) for path in blocked],
            max_file_size=1,
            show_error=False,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            enable_monitoring=False,
        )

    # ── Layout ───────────────────────────────────────────────────────────────

    def _lay_out(self, max_question_length: int) -> None:
        self._exchanges = gr.State((), time_to_live=8 * HOUR)
        self._timer = gr.Timer(REFRESH_SECONDS, active=False)
        with gr.Row(elem_id="kop"):
            _build_html(self._panels.header())
            self._renew = gr.Button(
                self._text("new_conversation"), elem_id="nieuw", size="sm", scale=0, visible=False
            )
        self._status = _build_html(elem_id="status")
        with gr.Row(elem_id="blad"):
            with gr.Column(elem_id="kolom"):
                self._lay_out_opening()
                self._lay_out_conversation()
            with gr.Column(elem_id="bronnen", visible=False) as self._evidence:
                self._sources = _build_html()
        self._lay_out_box(max_question_length)

    def _lay_out_opening(self) -> None:
        with gr.Column(elem_id="opening") as self._opening:
            _build_html(self._panels.opening())
            with gr.Row(elem_id="eerste"):
                self._firsts = [
                    gr.Button(self._text(f"first_question_{number}"), elem_classes="voorstel")
                    for number in range(1, FIRST_QUESTIONS + 1)
                ]

    def _lay_out_conversation(self) -> None:
        self._chat = gr.Chatbot(
            elem_id="gesprek",
            label=self._text("conversation_label"),
            show_label=False,
            container=False,
            height="auto",
            visible=False,
            layout="panel",
            autoscroll=False,
            buttons=[],
            latex_delimiters=[],
            feedback_options=None,
            group_consecutive_messages=False,
            allow_file_downloads=False,
            sanitize_html=True,
            allow_tags=False,
        )
        with gr.Column(elem_id="vervolg", visible=False) as self._onward:
            self._onward_title = _build_html(self._panels.follow_ups())
            self._follow_ups = [gr.Button(visible=False, elem_classes="voorstel") for _ in range(FOLLOW_UPS)]

    def _lay_out_box(self, max_question_length: int) -> None:
        with gr.Row(elem_id="invoer"):
            self._box = gr.Textbox(
                elem_id="vraag",
                label=self._text("question_label"),
                placeholder=self._text("question_placeholder"),
                lines=1,  # With more, Enter would start a line rather than send.
                max_lines=6,
                max_length=max_question_length,
                autofocus=True,
            )
            self._send = gr.Button(
                self._text("send"), variant="primary", elem_id="stuur", scale=0, min_width=88
            )
            self._halt = gr.Button(self._text("stop"), visible=False, elem_id="stop", scale=0, min_width=88)

    # ── Events ───────────────────────────────────────────────────────────────

    @property
    def _shown(self) -> list[Any]:
        """The components that a view fills."""
        return [
            *(self._exchanges, self._chat, self._sources, self._evidence, self._opening, self._onward),
            self._onward_title,
            *self._follow_ups,
            *(self._box, self._send, self._halt, self._renew, self._status, self._timer),
        ]

    def _connect(self) -> None:
        sending = partial(gr.on, [self._box.submit, self._send.click])
        buttons = (*self._firsts, *self._follow_ups)
        asking = [
            self._react(sending, self._ask, [self._box, self._exchanges]),
            *(self._react(button.click, self._ask, [button, self._exchanges]) for button in buttons),
        ]
        self._react(self._halt.click, self._stop, [self._exchanges], cancels=asking)
        self._react(self._renew.click, self._start_anew, [], cancels=asking)
        for trigger in (self._blocks.load, self._timer.tick):
            trigger(
                self._refresh,
                inputs=[],
                outputs=[self._status, self._timer],
                api_visibility="private",
                show_progress="hidden",
            )

    def _react(
        self,
        trigger: Callable[..., Any],
        react: Callable[..., Updates | Iterator[Updates]],
        inputs: list[Any],
        cancels: list[Any] | None = None,
    ) -> Any:
        return trigger(
            react,
            inputs=inputs,
            outputs=self._shown,
            cancels=cancels,
            api_visibility="private",
            show_progress="hidden",
            concurrency_limit=AT_ONCE,
        )

    def _ask(self, text: str, earlier: Exchanges) -> Iterator[Updates]:
        view = View(earlier)
        try:
            for view in converse(self._assistant, text, earlier, self._coach):
                yield self._show(view)
        except Exception:  # Whatever broke, the reader gets the question back rather than a dead page.
            _logger.exception("answering broke down")
            yield self._show(fail(view.exchanges))

    def _stop(self, exchanges: Exchanges) -> Updates:
        return self._show(stop(exchanges))

    def _start_anew(self) -> Updates:
        return self._show(View())

    def _refresh(self) -> Updates:
        status = self._assistant.status()
        return [self._panels.status(status), self._pace(status)]

    # ── Updates ──────────────────────────────────────────────────────────────

    def _show(self, view: View) -> Updates:
        has_begun = bool(view.exchanges)
        follow_ups = () if view.is_running or not has_begun else view.exchanges[-1].follow_ups
        return [
            view.remembered,
            gr.update(value=self._panels.messages(view), visible=has_begun),
            self._panels.sources(view, self._catalogue()),
            gr.update(visible=has_begun),
            gr.update(visible=not has_begun),
            gr.update(visible=bool(follow_ups)),
            self._panels.follow_ups(view),
            *self._offer(follow_ups),
            gr.skip() if view.draft is None else gr.update(value=view.draft),
            gr.update(visible=not view.is_running),
            gr.update(visible=view.is_running),
            gr.update(visible=has_begun and not view.is_running),
            *([gr.skip(), gr.skip()] if view.is_running else self._refresh()),
        ]

    def _offer(self, questions: Sequence[str]) -> Updates:
        offered = [gr.update(value=question, visible=True) for question in questions[:FOLLOW_UPS]]
        return offered + [gr.update(visible=False)] * (FOLLOW_UPS - len(offered))

    def _catalogue(self) -> Catalogue | None:
        try:
            return self._assistant.catalogue
        except IndexUnavailable:
            return None

    def _pace(self, status: Status) -> Any:
        return gr.Timer(active=status.building is not None or not status.is_ready)


def _build_html(value: str = "", elem_id: str | None = None) -> gr.HTML:
    """Return a piece of HTML that listens to nothing; Gradio fills it in the browser (``unsafe-eval``)."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=None)


def _build_theme() -> gr.themes.Base:
    """Return a theme of system fonts, which asks nothing of any other host."""
    font = [gr.themes.Font(name) for name in ("system-ui", "-apple-system", "Segoe UI", "sans-serif")]
    mono = [gr.themes.Font(name) for name in ("ui-monospace", "Consolas", "monospace")]
    return gr.themes.Base(font=font, font_mono=mono)

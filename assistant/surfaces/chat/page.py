"""The Gradio page: its layout, its events and its settings.

Importing Gradio takes seconds, so ``mounting`` does that when a page is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import gradio as gr
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assistant.answering.prompts import Texts
from assistant.domain import Catalogue, Filters, Status
from assistant.errors import IndexUnavailable
from assistant.surfaces.access import count_request, spend_questions
from assistant.surfaces.chat.asking import Asker, Asking
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.chat.conversation import Answering, Talk, View
from assistant.surfaces.chat.document_head import DocumentHead
from assistant.surfaces.chat.gradio_parts import PRESSED, build_html, build_theme, spare_the_processor
from assistant.surfaces.chat.keeping import Keeper
from assistant.surfaces.chat.pacing import Pacing
from assistant.surfaces.chat.panels import Panels
from assistant.surfaces.chat.scope import Scope
from assistant.surfaces.owning import owner_by_page
from assistant.surfaces.visiting import visitor_of

FIRST_QUESTIONS = 6
AT_ONCE = 16
"""Questions that are answered at the same time; more wait in the queue."""
WAITING = 64
"""Events that may wait in the queue; more are turned away."""
REFRESH_SECONDS = 1.5
"""How often the status line looks, while a build is under way."""
HOUR = 3600

Updates = list[Any]
"""One update for each of the components that an event fills, in their order."""


class Page:
    """The components of the page, and what happens between them."""

    def __init__(  # noqa: PLR0913 - each is a collaborator of its own
        self,
        *,
        assistant: Answering,
        texts: Texts,
        panels: Panels,
        scope: Scope,
        keeper: Keeper | None,
        pace: Pacing,
        max_question_length: int,
        coach: ChatCoach | None = None,
    ) -> None:
        self._assistant = assistant
        self._asking = Asking(assistant, keeper, pace, max_question_length, coach)
        self._text, self._panels, self._scope = texts.render, panels, scope
        self._most = max_question_length
        # Gradio sends statistics from here only, and not with this switch.
        self._blocks = gr.Blocks(
            title=texts.render("title"),
            analytics_enabled=False,
            delete_cache=(HOUR, HOUR),
            fill_width=True,
        )
        with self._blocks:
            self._lay_out()
            self._connect()
        self._blocks.queue(max_size=WAITING, api_open=False, default_concurrency_limit=AT_ONCE)
        spare_the_processor(self._blocks)

    def mount(self, app: Starlette, blocked: Sequence[Path], icon: Path) -> None:
        """Mount the page at ``/`` behind the routes that ``app`` has; ``blocked`` is never served."""
        gr.mount_gradio_app(
            cast("Any", app),
            self._blocks,
            path="/",
            app_kwargs={"middleware": [Middleware(DocumentHead, head=self._panels.head())]},
            theme=build_theme(),
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

    def _lay_out(self) -> None:
        self._talk = gr.State(Talk(), time_to_live=8 * HOUR)
        self._timer = gr.Timer(REFRESH_SECONDS, active=False)
        build_html(self._panels.header(), elem_id="kop")
        with gr.Row(elem_id="blad"):
            self._side_bar = build_html(self._panels.side_bar(), elem_id="gesprekken", js=PRESSED)
            with gr.Column(elem_id="kolom"):
                self._status = build_html(elem_id="status")
                first = [self._text(f"first_question_{number}") for number in range(1, FIRST_QUESTIONS + 1)]
                self._opening = build_html(self._panels.opening(first), elem_id="opening", js=PRESSED)
                self._earlier = build_html(elem_id="eerder", js=PRESSED)
                self._latest = build_html(elem_id="nu", js=PRESSED)
                self._lay_out_box()
        build_html(self._panels.windows(self._most), elem_id="vensters")

    def _lay_out_box(self) -> None:
        with gr.Column(elem_id="invoer"):
            self._hint = build_html(elem_id="hint", js=PRESSED)
            with gr.Row(elem_id="vraagregel"):
                self._box = gr.Textbox(
                    elem_id="vraag",
                    label=self._text("question_label"),
                    placeholder=self._text("question_placeholder"),
                    lines=1,  # With more, Enter would start a line rather than send.
                    max_lines=6,
                    autofocus=True,
                )
                self._send = gr.Button(
                    self._text("send"), variant="primary", elem_id="stuur", scale=0, min_width=88
                )
                self._halt = gr.Button(self._text("stop"), elem_id="stop", scale=0, min_width=88)
            with gr.Accordion(self._scope.heading(Filters()), open=False, elem_id="bereik") as self._chosen:
                self._sources = gr.CheckboxGroup(
                    self._scope.sources(self._catalogue()), label=self._text("scope_sources")
                )
                self._kinds = gr.CheckboxGroup(self._scope.kinds(), label=self._text("scope_kinds"))

    # ── Events ───────────────────────────────────────────────────────────────

    @property
    def _shown(self) -> list[Any]:
        """The components that a view fills."""
        return [self._talk, self._earlier, self._latest, self._box, self._hint]

    @property
    def _scoped(self) -> list[Any]:
        """The components that say where to look."""
        return [self._sources, self._kinds]

    def _connect(self) -> None:
        sending = partial(gr.on, [self._box.submit, self._send.click])
        places = (self._side_bar, self._opening, self._earlier, self._latest, self._hint)
        pressing = partial(gr.on, [place.click for place in places])
        filling = [*self._shown, *self._scoped]
        asking = [
            self._react(sending, self._asked, [self._box, self._talk, *self._scoped], self._shown),
            self._react(pressing, self._pressed, [self._talk, *self._scoped], filling),
        ]
        self._react(self._halt.click, self._stop, [self._talk], self._shown, cancels=asking)
        self._react(self._blocks.load, self._arrive, [], [*filling, self._status, self._timer])
        self._react(self._timer.tick, self._refresh, [], [self._status, self._timer])
        for chosen in self._scoped:
            self._react(chosen.change, self._name_scope, self._scoped, [self._chosen])

    def _react(
        self,
        trigger: Callable[..., Any],
        react: Callable[..., Any],
        inputs: list[Any],
        outputs: list[Any],
        cancels: list[Any] | None = None,
    ) -> Any:
        return trigger(
            react,
            inputs=inputs,
            outputs=outputs,
            cancels=cancels,
            api_visibility="private",
            show_progress="hidden",
            postprocess=False,  # What is filled in is as it should be; Gradio takes a thread for each.
            concurrency_limit=AT_ONCE,
        )

    def _asked(
        self, text: str, talk: Talk, sources: list[str], kinds: list[str], request: gr.Request
    ) -> Iterator[Updates]:
        yield from self._ask(text, talk, self._scope.filters(sources, kinds), request)

    def _pressed(
        self, talk: Talk, sources: list[str], kinds: list[str], request: gr.Request, event: gr.EventData
    ) -> Iterator[Updates]:
        filters = self._scope.filters(sources, kinds)
        unchanged: Updates = [gr.skip(), gr.skip()]
        match event.doe:
            case "vraag":
                steps = self._ask(event.tekst, talk, filters, request)
                yield from (step + unchanged for step in steps)
            case "opnieuw" if talk.exchanges:
                again = replace(talk, is_rewriting=True)
                steps = self._ask(talk.exchanges[-1].question, again, filters, request)
                yield from (step + unchanged for step in steps)
            case "herschrijf" if talk.exchanges:
                draft = talk.exchanges[-1].question
                yield self._show(View(replace(talk, is_rewriting=True), draft=draft)) + unchanged
            case "laat":
                yield self._show(View(replace(talk, is_rewriting=False), draft="")) + unchanged
            case "open":
                yield self._fill(self._asking.open(event.tekst, _asker(request)))
            case _:  # A new conversation; what was being typed is its first question.
                yield self._fill(View(draft="" if talk.is_rewriting else None))

    def _ask(self, text: str, talk: Talk, filters: Filters, request: gr.Request) -> Iterator[Updates]:
        drawn: dict[str | None, str] = {}
        for view in self._asking.ask(text, talk, filters, _asker(request)):
            yield self._show(view, drawn)

    def _stop(self, talk: Talk, request: gr.Request) -> Updates:
        return self._show(self._asking.stop(talk, _asker(request)))

    def _arrive(self, request: gr.Request) -> dict[Any, Any]:
        """Show the conversation that the address names, with the question and source that it brings.

        What it doesn't name stays as it is: on a slow line somebody has asked by now.
        """
        asked = request.query_params
        arrived = dict(zip([self._status, self._timer], self._refresh(), strict=True))
        if asked.get("gesprek"):
            view = self._asking.open(asked["gesprek"], _asker(request))
            arrived |= zip([*self._shown, *self._scoped], self._fill(view), strict=True)
        if asked.get("vraag"):
            arrived[self._box] = asked["vraag"]
        if asked.get("bron") in [known for _, known in self._scope.sources(self._catalogue())]:
            arrived[self._sources] = [asked["bron"]]
        return arrived

    def _refresh(self) -> Updates:
        status = self._assistant.status()
        return [self._panels.status(status), self._rhythm(status)]

    def _name_scope(self, sources: list[str], kinds: list[str]) -> Any:
        return gr.update(label=self._scope.heading(self._scope.filters(sources, kinds)))

    # ── Updates ──────────────────────────────────────────────────────────────

    def _show(self, view: View, drawn: dict[str | None, str] | None = None) -> Updates:
        """Return the updates of a view.

        ``drawn`` holds the earlier exchanges by the id of their conversation, as they were shown at this
        question: Gradio sends nothing of what is the same, while an update would build it anew.
        """
        catalogue = self._catalogue()
        drawn, id_ = {} if drawn is None else drawn, view.talk.conversation_id
        if id_ not in drawn:
            drawn[id_] = self._panels.earlier(view, catalogue)
        return [
            view.remembered,
            drawn[id_],
            self._panels.latest(view, catalogue),
            gr.skip() if view.draft is None else view.draft,  # An update would build the box anew.
            self._panels.hint(view),
        ]

    def _fill(self, view: View) -> Updates:
        """Return the updates of a conversation that is opened, with where it looked last.

        What can't be chosen any more is left out: Gradio would refuse every question with it.
        """
        last = view.exchanges[-1].filters if view.exchanges else Filters()
        sources = last.sources.intersection(id_ for _, id_ in self._sources.choices)
        kinds = last.kinds.intersection(id_ for _, id_ in self._kinds.choices)
        return [*self._show(view), gr.update(value=sorted(sources)), gr.update(value=sorted(kinds))]

    def _catalogue(self) -> Catalogue | None:
        try:
            return self._assistant.catalogue
        except IndexUnavailable:
            return None

    def _rhythm(self, status: Status) -> Any:
        is_settled = status.is_ready and status.building is None and status.degraded is None
        return gr.Timer(active=not is_settled)


def _asker(request: gr.Request) -> Asker:
    def count() -> None:
        # What came is of Starlette's, by way of Gradio.
        if request.request is not None:
            count_request(request.request)
            spend_questions(request.request)

    # Whose key it is, stands in the scope of Starlette's request alone.
    reader = owner_by_page(request.request) if request.request is not None else None
    named = request.query_params.get("gesprek")
    return Asker(visitor_of(request), str(request.client.host), named, count, reader)

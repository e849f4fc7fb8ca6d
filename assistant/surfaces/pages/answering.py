"""The pages of who fills in a health check: come in, answer block by block, finish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from assistant.domain import SMALLEST_GROUP, Check, Organisation, Questionnaire, Respondent
from assistant.domain import Response as Answer
from assistant.errors import CheckClosed, InvalidResponse, UnknownKey
from assistant.surfaces.pages.blocks import (
    NOT_APPLICABLE,
    Block,
    Explain,
    Field,
    blocks_of,
    count_answered,
    first_unanswered,
    read_response,
    shown_choice,
)
from assistant.surfaces.pages.site import Site, Visit, download, see_other

COOKIE = "alliantie-deelnemer"
_REMEMBERED_SECONDS = 180 * 24 * 3600
_LONGEST_REMARK = 2000


class Answering(Protocol):
    """What somebody who answers a check can do."""

    @property
    def questionnaire(self) -> Questionnaire:
        """What a check asks."""

    def invited(self, token: str) -> tuple[Check, Organisation]:
        """Return what a token invites to; ``UnknownKey`` if there is no such invitation."""

    def begin(self, token: str) -> Respondent:
        """Add a respondent; ``CheckClosed`` if it's too late."""

    def respondent(self, code: str) -> Respondent:
        """Return who has this code, however it's written; ``UnknownKey`` if nobody has."""

    def answer(self, code: str, *responses: Answer) -> Respondent:
        """Keep answers; ``InvalidResponse`` or ``CheckClosed`` if that can't be."""

    def finish(self, code: str) -> Respondent:
        """Note that somebody is done."""

    def withdraw(self, code: str) -> None:
        """Erase all that somebody answered."""

    def export_answers(self, code: str) -> Mapping[str, object]:
        """Return all that somebody answered, as values for JSON."""


class AnsweringPages:
    """The routes for who answers a check."""

    def __init__(self, site: Site, checks: Answering, explain: Explain) -> None:
        self._site, self._checks, self._explain = site, checks, explain

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they match."""
        route, own = self._site.route, "/check/invullen/{code}"
        return [
            route("/check/uitnodiging/{token}", self.invite, self.begin),
            route(own, self.resume),
            route(f"{own}/bewaren", self.show_code),
            route(f"{own}/antwoord", post=self.autosave),
            route(f"{own}/afronden", self.ask_to_finish, self.finish),
            route(f"{own}/klaar", self.thank),
            route(f"{own}/export.json", self.export),
            route(f"{own}/wissen", self.ask_to_withdraw, self.withdraw),
            route(f"{own}/{{block}}", self.ask, self.save),
            route("/check/verder", self.ask_for_code, self.go_on),
            route("/check/gewist", self.confirm_erased),
        ]

    def invite(self, visit: Visit) -> Response:
        """Say what is asked and what happens with it, and let somebody begin or go on."""
        check, organisation = self._checks.invited(visit.key("token"))
        if not check.is_open:
            raise CheckClosed(alliance=check.alliance)
        known = self._known(visit, check, organisation)
        blocks = blocks_of(self._checks.questionnaire, check.kind, self._site.texts)
        answered, count = count_answered(blocks, known.responses if known else {})
        return self._site.page(
            "fill_invitation.html",
            check=check, organisation=organisation, known=known, answered=answered, count=count,
            questionnaire=self._checks.questionnaire, smallest=SMALLEST_GROUP,
        )  # fmt: skip

    def begin(self, visit: Visit) -> Response:
        """Add a respondent, and remember on this device who it was."""
        token = visit.key("token")
        respondent = self._checks.begin(token)
        response = see_other(f"/check/invullen/{respondent.code}/bewaren?begin=1")
        response.set_cookie(
            COOKIE, respondent.code, _REMEMBERED_SECONDS,
            path=f"/check/uitnodiging/{token}", secure=visit.request.url.scheme == "https",
            httponly=True, samesite="lax",
        )  # fmt: skip
        return response

    def resume(self, visit: Visit) -> Response:
        """Go to the first block with something unanswered."""
        respondent = self._busy(visit)
        own = f"/check/invullen/{respondent.code}"
        if respondent.is_finished:
            return see_other(f"{own}/klaar")
        block = first_unanswered(self._blocks(respondent), respondent.responses)
        return see_other(f"{own}/{block.id if block else 'afronden'}")

    def show_code(self, visit: Visit) -> Response:
        """Show the code with which somebody can go on later."""
        is_new = "begin" in visit.request.query_params
        return self._own(visit, "fill_code.html", self._busy(visit), is_new=is_new)

    def ask(self, visit: Visit) -> Response:
        """Show the questions of a block, with what was answered."""
        respondent = self._busy(visit)
        return self._block(visit, respondent, respondent.responses, {})

    def save(self, visit: Visit) -> Response:
        """Keep what a block's form holds, and go where its button leads; stay where something is wrong."""
        respondent = self._busy(visit)
        blocks, position = self._place(visit, respondent)
        faults: dict[str, str] = {}
        posted = dict(respondent.responses)
        for field in blocks[position].fields:
            self._save(visit, respondent, field, posted, faults)
        if faults:
            return self._block(visit, respondent, posted, faults, 422)
        return see_other(f"/check/invullen/{respondent.code}/{_next_step(visit, blocks, position)}")

    def autosave(self, visit: Visit) -> Response:
        """Keep one answer, as the page sends it when it's given."""
        respondent = self._busy(visit)
        blocks, item = self._blocks(respondent), visit.value("item")
        field = next((one for block in blocks for one in block.fields if one.id == item), None)
        if field is None:
            raise InvalidResponse(item=item, fault="unknown")
        before = respondent.responses.get(item)
        response = read_response(field, visit.value("score"), visit.value("remark"), before)
        if response is not None and response != before:
            respondent = self._checks.answer(respondent.code, response)
        answered, count = count_answered(blocks, respondent.responses)
        return JSONResponse({"answered": answered, "count": count})

    def ask_to_finish(self, visit: Visit) -> Response:
        """Show what is still open before somebody finishes."""
        respondent = self._busy(visit)
        blocks = self._blocks(respondent)
        left = [(block, block.unanswered(respondent.responses)) for block in blocks]
        answered, count = count_answered(blocks, respondent.responses)
        return self._own(
            visit, "fill_finish.html", respondent,
            left=[one for one in left if one[1]], answered=answered, count=count,
            step=len(blocks) + 1, steps=len(blocks) + 1, last=blocks[-1],
        )  # fmt: skip

    def finish(self, visit: Visit) -> Response:
        """Note that somebody is done."""
        respondent = self._checks.finish(self._busy(visit).code)
        return see_other(f"/check/invullen/{respondent.code}/klaar")

    def thank(self, visit: Visit) -> Response:
        """Thank somebody, and say how to change or erase the answers."""
        respondent = self._busy(visit)
        return self._own(visit, "fill_done.html", respondent, first=self._blocks(respondent)[0])

    def export(self, visit: Visit) -> Response:
        """Hand somebody's answers over as a file."""
        return download(self._checks.export_answers(visit.key("code")), "mijn-antwoorden.json")

    def ask_to_withdraw(self, visit: Visit) -> Response:
        """Show what erasing means before it is done."""
        return self._own(visit, "fill_erase.html", self._checks.respondent(visit.key("code")))

    def withdraw(self, visit: Visit) -> Response:
        """Erase somebody's answers."""
        self._checks.withdraw(visit.key("code"))
        return see_other("/check/gewist")

    def confirm_erased(self, visit: Visit) -> Response:
        """Say that it's gone."""
        return self._site.page("check_erased.html")

    def ask_for_code(self, visit: Visit) -> Response:
        """Ask for the code with which somebody goes on."""
        return self._site.page("fill_resume.html", code="", fault="")

    def go_on(self, visit: Visit) -> Response:
        """Go on with a code: to the questions, to one's answers as a file, or to erasing them."""
        typed = visit.value("code")
        try:
            code = self._checks.respondent(typed).code
        except UnknownKey:
            fault = self._site.texts.render("resume_unknown" if typed else "resume_empty")
            return self._site.page("fill_resume.html", 422, code=typed, fault=fault)
        step = {"export": "/export.json", "wissen": "/wissen"}.get(visit.value("naar"), "")
        return see_other(f"/check/invullen/{code}{step}")

    def _busy(self, visit: Visit) -> Respondent:
        respondent = self._checks.respondent(visit.key("code"))
        if not respondent.check.is_open:
            raise CheckClosed(alliance=respondent.check.alliance)
        return respondent

    def _known(self, visit: Visit, check: Check, organisation: Organisation) -> Respondent | None:
        try:
            respondent = self._checks.respondent(visit.request.cookies.get(COOKIE, ""))
        except UnknownKey:
            return None
        is_here = (respondent.check.id, respondent.organisation.id) == (check.id, organisation.id)
        return respondent if is_here else None

    def _blocks(self, respondent: Respondent) -> tuple[Block, ...]:
        return blocks_of(self._checks.questionnaire, respondent.check.kind, self._site.texts)

    def _place(self, visit: Visit, respondent: Respondent) -> tuple[tuple[Block, ...], int]:
        blocks = self._blocks(respondent)
        ids = [block.id for block in blocks]
        if visit.key("block") not in ids:
            raise HTTPException(404)
        return blocks, ids.index(visit.key("block"))

    def _save(
        self, visit: Visit, respondent: Respondent, field: Field,
        posted: dict[str, Answer], faults: dict[str, str],
    ) -> None:  # fmt: skip
        before = respondent.responses.get(field.id)
        choice, remark = visit.value(f"score.{field.id}"), visit.value(f"remark.{field.id}")
        try:
            response = read_response(field, choice, remark, before)
            if response is not None and response != before:
                posted[field.id] = response
                self._checks.answer(respondent.code, response)
        except InvalidResponse as error:
            faults[field.id] = self._site.texts.render(f"fault.response.{error.details['fault']}")

    def _block(
        self, visit: Visit, respondent: Respondent, responses: Mapping[str, Answer],
        faults: Mapping[str, str], status: int = 200,
    ) -> Response:  # fmt: skip
        blocks, position = self._place(visit, respondent)
        answered, count = count_answered(blocks, respondent.responses)
        return self._own(
            visit, "fill_block.html", respondent, status,
            block=blocks[position], step=position + 1, steps=len(blocks) + 1, answered=answered, count=count,
            responses=responses, faults=faults, questionnaire=self._checks.questionnaire,
            explain=self._explain, shown_choice=shown_choice, not_applicable=NOT_APPLICABLE,
            longest=_LONGEST_REMARK,
        )  # fmt: skip

    def _own(
        self, visit: Visit, template: str, respondent: Respondent, status: int = 200, **values: object
    ) -> Response:
        own = f"/check/invullen/{respondent.code}"
        return self._site.page(
            template, status, respondent=respondent, own=own, address=visit.address("/check/verder"), **values
        )


def _next_step(visit: Visit, blocks: tuple[Block, ...], position: int) -> str:
    match visit.value("naar"):
        case "later":
            return "bewaren"
        case "terug" if position > 0:
            return blocks[position - 1].id
        case "terug":
            return blocks[position].id
    return blocks[position + 1].id if position + 1 < len(blocks) else "afronden"

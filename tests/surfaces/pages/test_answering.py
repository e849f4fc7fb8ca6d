"""Answering a check without JavaScript: block by block, by cookie or by code."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap.health_checks import HealthChecks
from assistant.domain import CheckKind, Created, Respondent, Response
from assistant.errors import UnknownKey
from tests.surfaces.pages.conftest import PARTNERS

FIRST, SECOND = "fase-leren-kennen", "fase-ambitie-bespreken"


@pytest.fixture
def respondent(checks: HealthChecks, token: str) -> Respondent:
    return checks.begin(token)


def own(respondent: Respondent, step: str = "") -> str:
    return f"/check/invullen/{respondent.code}{step}"


def test_beginning_gives_a_code_and_a_cookie_for_this_invitation_alone(
    client: TestClient, token: str
) -> None:
    answer = client.post(f"/check/uitnodiging/{token}")
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    code = re.search(r"invullen/([^/]+)/bewaren", answer.headers["location"])
    assert code
    assert code[1] in cookie
    assert f"Path=/check/uitnodiging/{token}" in cookie
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    assert code[1] in client.get(answer.headers["location"]).text


def test_the_same_link_goes_on_where_somebody_was_or_begins_anew_for_another(
    client: TestClient, token: str, texts: Texts
) -> None:
    first = client.post(f"/check/uitnodiging/{token}").headers["location"].split("/")[3]
    page = client.get(f"/check/uitnodiging/{token}").text
    assert f"/check/invullen/{first}" in page
    assert texts.render("other_button") in page
    second = client.post(f"/check/uitnodiging/{token}").headers["location"].split("/")[3]
    assert second != first


def test_a_cookie_for_another_organisation_is_not_followed(client: TestClient, created: Created) -> None:
    mine, other = list(created.invitations.values())[:2]
    code = client.post(f"/check/uitnodiging/{mine}").headers["location"].split("/")[3]
    page = client.get(f"/check/uitnodiging/{other}", headers={"cookie": f"alliantie-deelnemer={code}"})
    assert code not in page.text


def test_the_buttons_save_all_that_a_block_holds_and_lead_on(
    client: TestClient, checks: HealthChecks, respondent: Respondent
) -> None:
    form = {f"score.{FIRST}": "4", f"remark.{FIRST}": "Elke week.\r\nSoms.", f"score.{SECOND}": "nvt"}
    answer = client.post(own(respondent, "/fasen"), data={**form, "naar": "verder"})
    assert (answer.status_code, answer.headers["location"]) == (303, own(respondent, "/ambitie"))
    kept = checks.respondent(respondent.code).responses
    assert kept == {
        FIRST: Response(FIRST, 4, "Elke week.\nSoms."),
        SECOND: Response(SECOND, None, ""),
    }
    page = client.get(own(respondent, "/fasen")).text
    assert re.search(rf'name="score.{FIRST}" value="4" checked', page)
    assert re.search(rf'name="score.{SECOND}" value="nvt" checked', page)


@pytest.mark.parametrize(
    ("button", "step"), [("terug", "/fasen"), ("later", "/bewaren"), ("", "/vertrouwen")]
)
def test_back_and_later_save_too(
    client: TestClient, checks: HealthChecks, respondent: Respondent, button: str, step: str
) -> None:
    form = {"score.ambitie-gedeeld": "5", "naar": button}
    answer = client.post(own(respondent, "/ambitie"), data=form)
    assert answer.headers["location"] == own(respondent, step)
    assert checks.respondent(respondent.code).responses["ambitie-gedeeld"].score == 5


def test_a_form_without_a_choice_undoes_no_earlier_one(
    client: TestClient, checks: HealthChecks, respondent: Respondent
) -> None:
    checks.answer(respondent.code, Response(FIRST, 2))
    client.post(own(respondent, "/fasen"), data={f"remark.{FIRST}": "Toch dit."})
    assert checks.respondent(respondent.code).responses[FIRST] == Response(FIRST, 2, "Toch dit.")


def test_an_answer_that_does_not_fit_is_shown_at_its_question_and_the_others_are_saved(
    client: TestClient, checks: HealthChecks, respondent: Respondent, texts: Texts
) -> None:
    long = "x" * 2001
    form = {f"score.{FIRST}": "3", f"remark.{FIRST}": long, f"score.{SECOND}": "2"}
    answer = client.post(own(respondent, "/fasen"), data=form)
    assert answer.status_code == 422
    assert re.search(rf'id="fout-{FIRST}" role="alert">{texts.render("fault.response.length")}', answer.text)
    assert long in answer.text
    assert set(checks.respondent(respondent.code).responses) == {SECOND}


@pytest.mark.parametrize("score", ["6", "0", "drie", "²"])
def test_a_score_off_the_scale_is_refused(client: TestClient, respondent: Respondent, score: str) -> None:
    assert client.post(own(respondent, "/fasen"), data={f"score.{FIRST}": score}).status_code == 422


def test_an_answer_is_kept_as_it_is_given(
    client: TestClient, checks: HealthChecks, respondent: Respondent
) -> None:
    path, json = own(respondent, "/antwoord"), {"accept": "application/json"}
    answer = client.post(path, data={"item": "gevoel-en-analyse", "score": "-2"}, headers=json)
    assert answer.json() == {"answered": 1, "count": 49}
    assert checks.respondent(respondent.code).responses["gevoel-en-analyse"].score == -2
    refused = client.post(path, data={"item": "bestaat-niet", "score": "1"}, headers=json)
    assert (refused.status_code, list(refused.json())) == (422, ["message"])


def test_coming_back_leads_to_the_first_block_with_something_open(
    client: TestClient, checks: HealthChecks, respondent: Respondent
) -> None:
    assert client.get(own(respondent)).headers["location"] == own(respondent, "/fasen")
    for item in checks.questionnaire.phase_items:
        checks.answer(respondent.code, Response(item.id, 3))
    assert client.get(own(respondent)).headers["location"] == own(respondent, "/ambitie")


def test_a_remark_that_was_cleared_is_cleared(
    client: TestClient, checks: HealthChecks, respondent: Respondent
) -> None:
    client.post(own(respondent, "/open-vragen"), data={"remark.open-verder": "Meer tijd."})
    client.post(own(respondent, "/open-vragen"), data={"remark.open-verder": ""})
    assert checks.respondent(respondent.code).responses["open-verder"].remark == ""


def test_finishing_says_what_is_open_and_thanks(
    client: TestClient, checks: HealthChecks, respondent: Respondent, texts: Texts
) -> None:
    page = client.get(own(respondent, "/afronden")).text
    assert texts.render("finish_some", answered=0, count=49) in page
    answer = client.post(own(respondent, "/afronden"))
    assert answer.headers["location"] == own(respondent, "/klaar")
    assert respondent.code in client.get(own(respondent, "/klaar")).text
    assert checks.respondent(respondent.code).is_finished
    assert client.get(own(respondent)).headers["location"] == own(respondent, "/klaar")


def test_a_pulse_asks_its_five_statements_on_one_page(client: TestClient, checks: HealthChecks) -> None:
    made = checks.create("Zorg", PARTNERS, CheckKind.PULSE)
    respondent = checks.begin(next(iter(made.invitations.values())))
    assert client.get(own(respondent)).headers["location"] == own(respondent, "/puls")
    page = client.get(own(respondent, "/puls")).text
    assert re.findall(r'data-item="([^"]+)"', page) == list(checks.questionnaire.pulse)
    assert client.get(own(respondent, "/fasen")).status_code == 404


def test_each_question_explains_itself_with_what_its_card_says(
    client: TestClient, checks: HealthChecks, respondent: Respondent
) -> None:
    for block in ("fasen", "ambitie", "spanningen", "open-vragen"):
        page = client.get(own(respondent, f"/{block}")).text
        explanations = re.findall(r'<details class="uitleg">(.*?)</details>', page, re.DOTALL)
        assert len(explanations) == page.count("data-item=")
        assert all(re.search(r'href="/kaarten/[^"]+#\d+"', one) for one in explanations)


def test_a_closed_check_takes_nothing_more_but_answers_can_be_seen_and_erased(
    client: TestClient, checks: HealthChecks, created: Created, respondent: Respondent, token: str
) -> None:
    checks.answer(respondent.code, Response(FIRST, 4))
    checks.close(created.owner_key)
    for path in (f"/check/uitnodiging/{token}", own(respondent), own(respondent, "/fasen")):
        answer = client.get(path)
        assert (answer.status_code, "/check/verder" in answer.text) == (409, True)
    assert client.post(own(respondent, "/fasen"), data={f"score.{FIRST}": "1"}).status_code == 409
    assert client.get(own(respondent, "/export.json")).json()["responses"][0]["score"] == 4
    assert client.get(own(respondent, "/wissen")).status_code == 200
    assert client.post(own(respondent, "/wissen")).headers["location"] == "/check/gewist"
    with pytest.raises(UnknownKey):
        checks.respondent(respondent.code)


@pytest.mark.parametrize(
    ("button", "step"), [("verder", ""), ("export", "/export.json"), ("wissen", "/wissen")]
)
def test_a_code_is_read_as_people_type_it(
    client: TestClient, respondent: Respondent, button: str, step: str
) -> None:
    typed = f" {respondent.code.replace('-', ' ').lower()} "
    answer = client.post("/check/verder", data={"code": typed, "naar": button})
    assert answer.headers["location"] == own(respondent, step)


@pytest.mark.parametrize(("typed", "key"), [("", "resume_empty"), ("K7QF", "resume_unknown")])
def test_a_code_that_is_not_known_is_said_at_the_field(
    client: TestClient, texts: Texts, typed: str, key: str
) -> None:
    answer = client.post("/check/verder", data={"code": typed})
    assert answer.status_code == 422
    assert texts.render(key) in answer.text
    assert f'value="{typed}"' in answer.text

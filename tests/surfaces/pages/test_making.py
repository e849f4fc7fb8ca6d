"""Making a check, inviting people, closing and erasing it."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap.health_checks import HealthChecks
from assistant.domain import CheckKind, Created
from assistant.errors import UnknownKey

FORM = {"alliance": "Zorg rond de Vecht", "partner": ["De Linden", "", "Wijkzorg Noord"], "kind": "full"}


def test_a_check_is_made_with_the_partners_that_are_filled_in(
    client: TestClient, checks: HealthChecks
) -> None:
    answer = client.post("/check", data=FORM)
    assert answer.status_code == 303
    path = answer.headers["location"]
    check = checks.check(path.rpartition("/")[2])
    assert (check.alliance, check.kind) == ("Zorg rond de Vecht", CheckKind.FULL)
    assert [one.name for one in check.organisations] == ["De Linden", "Wijkzorg Noord"]
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("change", "fault", "place"),
    [
        ({"alliance": " "}, "fault.alliance.empty", "alliance-fout"),
        ({"alliance": "x" * 121}, "fault.alliance.length", "alliance-fout"),
        ({"partner": ["De Linden", "", ""]}, "fault.organisations.few", "partners-fout"),
        ({"partner": [f"P{n}" for n in range(21)]}, "fault.organisations.many", "partners-fout"),
        ({"partner": ["De Linden", "de linden"]}, "fault.organisations.double", "partners-fout"),
        ({"partner": ["De Linden", "", "x" * 121]}, "fault.organisations.length", "partner-3-fout"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_is_still_filled_in(
    client: TestClient, texts: Texts, change: dict[str, object], fault: str, place: str
) -> None:
    answer = client.post("/check", data={**FORM, "kind": "pulse", **change})
    assert answer.status_code == 422
    said = re.search(rf'id="{place}">([^<]+)<', answer.text)
    limits = {"fault.organisations.few": "2", "fault.organisations.many": "20"}
    assert said
    assert said[1] == texts.render(fault, limit=limits.get(fault, "120"))
    assert re.search(r'value="pulse" checked', answer.text)
    assert 'value="De Linden"' in answer.text or "partner" in change


def test_without_javascript_a_partner_is_added_by_the_server(client: TestClient) -> None:
    answer = client.post("/check", data={**FORM, "meer": "1"})
    assert answer.status_code == 200
    assert answer.text.count('name="partner"') == 4
    assert 'value="Wijkzorg Noord"' in answer.text


def test_the_page_of_a_check_has_a_link_and_a_reminder_for_each_organisation(
    client: TestClient, checks: HealthChecks, created: Created, token: str
) -> None:
    code = checks.begin(token).code
    checks.finish(code)
    checks.begin(token)
    page = client.get(f"/check/beheer/{created.owner_key}").text
    for one in created.invitations.values():
        assert page.count(f"http://testserver/check/uitnodiging/{one}") == 2
    assert "2 begonnen, 1 klaar" in page
    assert page.count("0 begonnen, 0 klaar") == 2


def test_before_closing_the_page_says_what_is_shown_and_warns_when_it_would_be_nothing(
    client: TestClient, checks: HealthChecks, created: Created, token: str, texts: Texts
) -> None:
    path = f"/check/beheer/{created.owner_key}/sluiten"
    warning = texts.render("close_few", smallest=3)
    assert warning in client.get(path).text
    for _ in range(3):
        checks.begin(token)
    page = client.get(path).text
    assert warning not in page
    assert texts.render("close_hidden_1", smallest=3) in page
    assert texts.render("close_busy", busy=3) in page


def test_closing_twice_closes_once_and_leads_to_the_report(
    client: TestClient, checks: HealthChecks, created: Created
) -> None:
    own = f"/check/beheer/{created.owner_key}"
    assert client.get(own).text.count("/sluiten") == 1
    for _ in range(2):
        answer = client.post(f"{own}/sluiten")
        assert (answer.status_code, answer.headers["location"]) == (303, own)
    page = client.get(own).text
    assert f"/check/rapport/{created.owner_key}" in page
    assert "/check/uitnodiging/" not in page
    assert client.get(f"{own}/sluiten").headers["location"] == own
    assert not checks.check(created.owner_key).is_open


def test_a_next_round_follows_a_closed_one_with_its_names_filled_in(
    client: TestClient, checks: HealthChecks, created: Created
) -> None:
    path = f"/check/beheer/{created.owner_key}/volgende"
    assert client.get(path).status_code == 409
    checks.close(created.owner_key)
    page = client.get(path).text
    names = [one.name for one in created.check.organisations]
    assert all(f'value="{name}"' in page for name in names)
    answer = client.post(path, data={"alliance": "Zorg rond de Vecht", "partner": names, "kind": "pulse"})
    made = checks.check(answer.headers["location"].rpartition("/")[2])
    assert (made.round, made.kind, made.series_id) == (2, CheckKind.PULSE, created.check.series_id)


def test_a_check_can_be_taken_along_and_is_erased_after_a_question(
    client: TestClient, checks: HealthChecks, created: Created
) -> None:
    own = f"/check/beheer/{created.owner_key}"
    export = client.get(f"{own}/export.json")
    assert export.json()["check"]["alliance"] == created.check.alliance
    assert "attachment" in export.headers["content-disposition"]
    assert client.get(f"{own}/wissen").status_code == 200
    assert checks.check(created.owner_key)
    assert client.get(client.post(f"{own}/wissen").headers["location"]).status_code == 200
    with pytest.raises(UnknownKey):
        checks.check(created.owner_key)

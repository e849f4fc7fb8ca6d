"""``/v1/health-checks`` over a real coach: a check from its making to its erasure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.surfaces.api import build_api

CHECKS = "/v1/health-checks"
SIZES = {"gemeente": 5, "zorggroep": 4, "woonbond": 2}
LIKED = {"gemeente": 4, "zorggroep": 2, "woonbond": 3}


@pytest.fixture
def client(coach: Coach, from_cards: Assistant, texts: Texts) -> Iterator[TestClient]:
    with TestClient(build_api(from_cards, texts, coaching=coach), raise_server_exceptions=False) as client:
        yield client


def make(client: TestClient, **changes: object) -> dict[str, Any]:
    body = {"alliance": "Gezonde Wijken", "organisations": ["Gemeente", "Zorggroep", "Woonbond"], **changes}
    response = client.post(CHECKS, json=body)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def owner(made: dict[str, Any]) -> dict[str, str]:
    return {"X-Check-Key": made["key"]}


def begin(client: TestClient, made: dict[str, Any], place: int = 0) -> dict[str, str]:
    invitation = made["organisations"][place]["invitation"]
    begun = client.post(f"{CHECKS}/respondents", json={"invitation": invitation}).json()
    return {"X-Respondent-Code": begun["code"]}


def fill(client: TestClient, made: dict[str, Any]) -> None:
    asked = client.get(f"{CHECKS}/questionnaire").json()
    for place, partner in enumerate(made["organisations"]):
        for _ in range(SIZES[partner["id"]]):
            code = begin(client, made, place)
            items = [item["id"] for condition in asked["conditions"] for item in condition["items"]]
            answers = [{"item_id": item, "score": LIKED[partner["id"]]} for item in items]
            answers += [{"item_id": item["id"], "score": 3} for item in asked["phase_items"]]
            client.put(f"{CHECKS}/respondents/me/responses", json={"responses": answers}, headers=code)
            client.post(f"{CHECKS}/respondents/me/finish", headers=code)


def test_three_partners_and_eleven_respondents_get_a_report_with_sources(client: TestClient) -> None:
    made = make(client)
    fill(client, made)
    counted = client.get(f"{CHECKS}/mine", headers=owner(made)).json()["organisations"]
    assert {one["id"]: one["finished"] for one in counted} == SIZES
    report = client.post(f"{CHECKS}/mine/close", headers=owner(made)).json()
    assert (report["respondents"], [group["respondents"] for group in report["groups"]]) == (11, [5, 6])
    means = {score["group"]: score["mean"] for score in report["conditions"][0]["score"]["groups"]}
    assert list(means.values()) == [4.0, 2.3]
    numbers = {citation["number"] for citation in report["citations"]}
    assert report["suggestions"]
    assert all(
        set(action["citations"]) <= numbers and action["citations"] for action in report["suggestions"]
    )
    assert report == client.get(f"{CHECKS}/mine/report", headers=owner(made)).json()


def test_all_that_is_asked_says_where_it_comes_from(client: TestClient) -> None:
    asked = client.get(f"{CHECKS}/questionnaire").json()
    numbers = {citation["number"] for citation in asked["citations"]}
    items = [item for condition in asked["conditions"] for item in condition["items"]]
    everything = [*items, *asked["phase_items"], *asked["tensions"], *asked["open_questions"]]
    assert len(items) == 30
    assert all(one["citations"] and set(one["citations"]) <= numbers for one in everything)


def test_a_report_comes_as_word_and_markdown_too(client: TestClient) -> None:
    made = make(client)
    fill(client, made)
    client.post(f"{CHECKS}/mine/close", headers=owner(made))
    word = client.get(f"{CHECKS}/mine/report.docx", headers=owner(made))
    text = client.get(f"{CHECKS}/mine/report.md", headers=owner(made))
    assert (word.status_code, word.content[:2]) == (200, b"PK")
    assert "Gezonde Wijken" in text.text


def test_a_wrong_method_is_told_all_methods_of_the_address(client: TestClient) -> None:
    response = client.options(f"{CHECKS}/mine")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, DELETE")


def test_an_open_check_shows_no_report(client: TestClient) -> None:
    response = client.get(f"{CHECKS}/mine/report", headers=owner(make(client)))
    assert (response.status_code, response.json()["type"]) == (409, "urn:alliantie:probleem:check-open")


def test_answers_are_kept_changed_exported_and_erased(client: TestClient) -> None:
    code = begin(client, make(client))
    url = f"{CHECKS}/respondents/me"
    for score in (2, 5):
        answer = {"responses": [{"item_id": "ambitie-gedeeld", "score": score, "remark": "want"}]}
        kept = client.put(f"{url}/responses", json=answer, headers=code).json()
    assert kept["responses"] == [{"item_id": "ambitie-gedeeld", "score": 5, "remark": "want"}]
    assert client.get(f"{url}/export", headers=code).json()["responses"] == kept["responses"]
    assert client.delete(url, headers=code).status_code == 204
    assert client.get(url, headers=code).status_code == 404


def test_an_answer_off_the_scale_is_named_with_its_field(client: TestClient) -> None:
    answer = {"responses": [{"item_id": "ambitie-gedeeld", "score": 7}]}
    url = f"{CHECKS}/respondents/me/responses"
    response = client.put(url, json=answer, headers=begin(client, make(client)))
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "ambitie-gedeeld"
    assert "1 tot en met 5" in response.json()["detail"]


@pytest.mark.parametrize("header", ["X-Check-Key", "X-Respondent-Code", "X-Portfolio-Key"])
def test_a_key_that_opens_nothing_says_so_and_no_more(client: TestClient, header: str) -> None:
    place = {
        "X-Check-Key": "mine",
        "X-Respondent-Code": "respondents/me",
        "X-Portfolio-Key": "portfolios/mine",
    }
    response = client.get(f"{CHECKS}/{place[header]}", headers={header: "niets"})
    assert (response.status_code, response.json()["title"]) == (404, "Onbekende sleutel")


def test_a_request_without_its_key_names_the_header(client: TestClient) -> None:
    response = client.get(f"{CHECKS}/mine")
    assert response.status_code == 422
    assert "x-check-key" in response.text.casefold()


def test_chosen_actions_are_kept_and_a_fourth_is_refused(client: TestClient) -> None:
    key = owner(make(client))
    action = {"title": "Samen eten", "owner": "Anna", "due": "2027-03-01"}
    kept = client.put(f"{CHECKS}/mine/actions", json={"actions": [action]}, headers=key).json()["actions"]
    assert (kept[0]["id"], kept[0]["due"], kept[0]["is_done"]) == ("samen-eten", "2027-03-01", False)
    many = [{**action, "title": f"Actie {number}"} for number in range(4)]
    refused = client.put(f"{CHECKS}/mine/actions", json={"actions": many}, headers=key)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "actions")
    assert client.get(f"{CHECKS}/mine/actions", headers=key).json()["actions"] == kept


def test_a_check_that_is_shared_shows_in_the_portfolio_of_the_coach(client: TestClient) -> None:
    made = make(client)
    fill(client, made)
    client.post(f"{CHECKS}/mine/close", headers=owner(made))
    opened = client.post(f"{CHECKS}/portfolios").json()
    share = {"share_code": opened["share_code"]}
    assert client.post(f"{CHECKS}/mine/shares", json=share, headers=owner(made)).status_code == 204
    url, key = f"{CHECKS}/portfolios/mine", {"X-Portfolio-Key": opened["key"]}
    assert [one["check"]["alliance"] for one in client.get(url, headers=key).json()["checks"]] == [
        "Gezonde Wijken"
    ]
    client.delete(f"{CHECKS}/mine/shares/{opened['share_code']}", headers=owner(made))
    assert client.get(url, headers=key).json()["checks"] == []


def test_an_erased_check_is_gone(client: TestClient) -> None:
    key = owner(make(client))
    assert client.get(f"{CHECKS}/mine/export", headers=key).json()["check"]["alliance"] == "Gezonde Wijken"
    assert client.delete(f"{CHECKS}/mine", headers=key).status_code == 204
    assert client.get(f"{CHECKS}/mine", headers=key).status_code == 404

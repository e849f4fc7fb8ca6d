"""Health checks that people answered, made over the API of a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

PARTNERS = ("Gemeente", "Zorggroep", "Woonbond")
SIZES = {"gemeente": 4, "zorggroep": 3, "woonbond": 2}


@dataclass(frozen=True)
class Keys:
    """The keys of a check that is closed, of one that is open, and of a portfolio with both."""

    closed: str
    open: str
    portfolio: str


def make_checks(address: str) -> Keys:
    """Make the checks; the last partner of the closed one has two people, too few to show apart."""
    with httpx.Client(base_url=address, timeout=30) as client:
        portfolio = _ask(client, "POST", "/portfolios")
        made, opened = (
            _ask(client, "POST", "", {"alliance": name, "organisations": PARTNERS})
            for name in ("Vitale wijken", "De Brug")
        )
        _fill(client, made)
        _ask(client, "POST", "/mine/close", **_key(made))
        for one in (made, opened):
            _ask(client, "POST", "/mine/shares", {"share_code": portfolio["share_code"]}, **_key(one))
        return Keys(made["key"], opened["key"], portfolio["key"])


def _fill(client: httpx.Client, made: Any) -> None:
    asked = _ask(client, "GET", "/questionnaire")
    items = [item["id"] for condition in asked["conditions"] for item in condition["items"]]
    responses = [{"item_id": item, "score": 4} for item in items]
    for organisation in made["organisations"]:
        for _ in range(SIZES[organisation["id"]]):
            begun = _ask(client, "POST", "/respondents", {"invitation": organisation["invitation"]})
            code = {"X-Respondent-Code": begun["code"]}
            _ask(client, "PUT", "/respondents/me/responses", {"responses": responses}, **code)
            _ask(client, "POST", "/respondents/me/finish", **code)


def _ask(client: httpx.Client, method: str, path: str, body: object = None, **headers: str) -> Any:
    response = client.request(method, f"/v1/health-checks{path}", json=body, headers=headers)
    assert response.is_success, response.text
    return response.json() if response.content else None


def _key(made: Any) -> dict[str, str]:
    return {"X-Check-Key": made["key"]}

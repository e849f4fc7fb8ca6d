"""Health checks for cases to be sent to: without keys that open something, all of them end in a 404."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx

_CHECKS = "/v1/health-checks"
_RESPONDENTS = (4, 3, 3)


@dataclass
class Furniture:
    """What opens something, by the format that the schema has for it."""

    opening: dict[str, list[str]] = field(default_factory=dict)

    def add(self, format_: str, value: str) -> None:
        """Note something that opens something."""
        self.opening.setdefault(format_, []).append(value)


def furnish(address: str, checks: int) -> Mapping[str, Sequence[str]]:
    """Make checks, every other one closed, and portfolios; return what opens them, by format."""
    furniture = Furniture()
    with httpx.Client(base_url=address) as client:
        asked = client.get(f"{_CHECKS}/questionnaire").json()
        items = [one["id"] for condition in asked["conditions"] for one in condition["items"]]
        furniture.opening["item-id"] = items
        for number in range(checks):
            _make(client, items, furniture, is_closed=bool(number % 2))
        for _ in range(checks):
            opened = client.post(f"{_CHECKS}/portfolios").json()
            furniture.add("portfolio-key", opened["key"])
            furniture.add("share-code", opened["share_code"])
        furniture.opening["source-id"] = [one["id"] for one in client.get("/v1/sources").json()["sources"]]
        for number in range(3):
            file = f"Notulen {number}. De stuurgroep vergadert in Vechtstad."
            kept = client.post("/v1/documents", files={"file": (f"notulen-{number}.txt", file)}).json()
            furniture.add("document-id", kept["id"])
        card = client.get("/v1/cards/funderen").json()
        furniture.opening["statement-id"] = [
            one["id"] for section in card["sections"] for one in section["statements"]
        ]
    return furniture.opening


def _make(client: httpx.Client, items: Sequence[str], furniture: Furniture, *, is_closed: bool) -> None:
    body = {"alliance": "Gezonde Wijken", "organisations": ["Gemeente", "Zorggroep", "Woonbond"]}
    made: dict[str, Any] = client.post(_CHECKS, json=body).json()
    furniture.add("check-key", made["key"])
    for partner, count in zip(made["organisations"], _RESPONDENTS, strict=True):
        furniture.add("invitation", partner["invitation"])
        for _ in range(count):
            _answer(client, partner["invitation"], items, furniture)
    if is_closed:
        client.post(f"{_CHECKS}/mine/close", headers={"X-Check-Key": made["key"]}).raise_for_status()


def _answer(client: httpx.Client, invitation: str, items: Sequence[str], furniture: Furniture) -> None:
    code = client.post(f"{_CHECKS}/respondents", json={"invitation": invitation}).json()["code"]
    furniture.add("respondent-code", code)
    said = [{"item_id": item, "score": score} for item, score in zip(items, cycle((2, 4, 5)), strict=False)]
    answered = client.put(
        f"{_CHECKS}/respondents/me/responses",
        json={"responses": said},
        headers={"X-Respondent-Code": code},
    )
    answered.raise_for_status()

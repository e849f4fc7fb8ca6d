"""The results of health checks that the keys of a connection open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.domain import Catalogue, ChosenAction, Report, Shared
from assistant.errors import CheckStillOpen
from assistant.publishing.presenting import report_json
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.api.protocol import Checking
from assistant.surfaces.api.report_schemas import ReportResponse
from assistant.surfaces.mcp.connecting import Keys
from assistant.surfaces.mcp.results import HealthCheckResult, ListedCheck


def find_result(
    checks: Checking, keys: Keys, check_id: str | None, catalogue: Catalogue
) -> HealthCheckResult:
    """Return the report that the check key opens, or that of ``check_id``, and the list of the portfolio.

    Raises ``UnknownKey``, ``CheckStillOpen``, and ``Rejection`` if the portfolio has no such check.
    """
    shared = checks.shared(keys.portfolio) if keys.portfolio is not None else ()
    report = None
    if keys.check is not None and check_id in (None, checks.check(keys.check).id):
        report = _present(checks.report(keys.check), checks.chosen(keys.check), catalogue)
    elif check_id is not None:
        report = _report_in(shared, check_id, catalogue)
    return HealthCheckResult(report=report, checks=[_summarise(one) for one in shared])


def _report_in(shared: Sequence[Shared], check_id: str, catalogue: Catalogue) -> dict[str, Any]:
    found = next((one for one in shared if one.check.id == check_id), None)
    if found is None:
        raise Rejection(404, "onbekende-check", value=check_id)
    if found.report is None:
        raise CheckStillOpen(alliance=found.check.alliance)
    return _present(found.report, found.chosen, catalogue)


def _present(report: Report, chosen: Sequence[ChosenAction], catalogue: Catalogue) -> dict[str, Any]:
    """Return a report exactly as the API does."""
    shown = ReportResponse.model_validate(report_json(report, chosen, catalogue))
    return shown.model_dump(mode="json")


def _summarise(shared: Shared) -> ListedCheck:
    check = shared.check
    return ListedCheck(
        id=check.id,
        alliance=check.alliance,
        kind=check.kind.value,
        round=check.round,
        created=check.created,
        closed=check.closed,
    )

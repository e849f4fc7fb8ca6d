"""The view of a coach."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.domain import CheckKind, ChosenAction, Created
from assistant.errors import UnknownKey
from assistant.storage import Storage
from tests.storage.clock import Clock


def test_a_portfolio_shows_what_was_shared_the_newest_first(
    storage: Storage, created: Created, clock: Clock
) -> None:
    clock.pass_days(1)
    newer = storage.checks.create("Nieuwer", ["A", "B"], CheckKind.PULSE, "1")
    action = ChosenAction("praten", "Praat", "Noor", date(2026, 5, 1))
    storage.checks.choose(created.owner_key, [action])
    closed = storage.checks.close(created.owner_key, "{}")
    portfolio = storage.portfolios.open_portfolio()
    assert storage.portfolios.shared(portfolio.key) == ()

    for key in (created.owner_key, newer.owner_key, created.owner_key):
        storage.portfolios.share(key, portfolio.share_code)

    assert storage.portfolios.shared(portfolio.key) == ((newer.check, None, ()), (closed, "{}", (action,)))


def test_a_check_is_taken_out_of_one_portfolio_alone(storage: Storage, created: Created) -> None:
    mine, yours = storage.portfolios.open_portfolio(), storage.portfolios.open_portfolio()
    for one in (mine, yours):
        storage.portfolios.share(created.owner_key, one.share_code)

    for _ in range(2):
        storage.portfolios.unshare(created.owner_key, mine.share_code)

    assert storage.portfolios.shared(mine.key) == ()
    assert len(storage.portfolios.shared(yours.key)) == 1


def test_the_share_code_is_seen_again_but_opens_nothing(storage: Storage) -> None:
    portfolio = storage.portfolios.open_portfolio()

    assert storage.portfolios.portfolio(portfolio.key) == portfolio
    with pytest.raises(UnknownKey, match="kind=portfolio"):
        storage.portfolios.shared(portfolio.share_code)


@pytest.mark.parametrize("key", ["", "0" * 32, "\x00" * 32, "\ud800"])
def test_a_portfolio_that_does_not_exist_is_unknown(storage: Storage, created: Created, key: str) -> None:
    portfolios = storage.portfolios
    for ask in (portfolios.portfolio, portfolios.shared):
        with pytest.raises(UnknownKey, match="kind=portfolio"):
            ask(key)
    for change in (portfolios.share, portfolios.unshare):
        with pytest.raises(UnknownKey, match="kind=portfolio"):
            change(created.owner_key, key)
        with pytest.raises(UnknownKey, match="kind=check"):
            change(key, portfolios.open_portfolio().share_code)

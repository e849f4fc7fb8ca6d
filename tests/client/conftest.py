"""Both clients, driven alike: what holds for the one is tested on the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack
from inspect import isawaitable
from typing import Any

import pytest

from assistant.client import AllianceClient, AsyncAllianceClient, Patience

QUICK = Patience(connect=2, response=5, silence=5, retrying=5)

Connect = Callable[..., AllianceClient]
"""Takes an address, a key and a patience."""


class Driven:
    """Something of the asynchronous client, called as if it blocked."""

    def __init__(self, driven: object, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._driven, self._run = driven, run

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._driven, {"close": "aclose"}.get(name, name))
        return self._call(found) if callable(found) else found

    def _call(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            given = method(*args, **named)
            return self._wrap(self._run(_awaited(given)) if isawaitable(given) else given)

        return call

    def _wrap(self, given: Any) -> Any:
        theirs = type(given).__module__ == AsyncAllianceClient.__module__ or isinstance(given, AsyncIterator)
        return Driven(given, self._run) if theirs else given

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return self._run(_awaited(anext(self._driven)))  # type: ignore[call-overload]
        except StopAsyncIteration:
            raise StopIteration from None

    def __enter__(self) -> Driven:
        return self

    def __exit__(self, *error: object) -> None:
        self._run(self._driven.aclose())  # type: ignore[attr-defined]


async def _awaited(given: Any) -> Any:
    return await given


@pytest.fixture(params=["blocking", "asynchronous"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Return how to make a client, of either kind, that is closed afterwards."""
    with ExitStack() as closing:
        runner = closing.enter_context(asyncio.Runner())

        def build(address: str, key: str | None = None, patience: Patience = QUICK) -> Any:
            if request.param == "blocking":
                return closing.enter_context(AllianceClient(address, key, patience=patience))
            client = AsyncAllianceClient(address, key, patience=patience)
            return closing.enter_context(Driven(client, runner.run))

        yield build

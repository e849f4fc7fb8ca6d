"""A page whose opening event comes in late, as on a slow line."""

from __future__ import annotations

import re

from playwright.sync_api import Page

_HOLD = """
  const original = window.fetch;
  window.fetch = async (...sent) => {
    const isArriving = String(sent[0]?.url ?? sent[0]).includes("/queue/join") && !window.hasArrived;
    if (isArriving) {
      window.hasArrived = true;
      await new Promise((resolve) => { window.letArrive = resolve; });
    }
    return original(...sent);
  };
"""
_SETTLED = 1_000
"""Milliseconds after which what arrived is shown."""


def hold_arrival(page: Page) -> None:
    """Load a page anew, and hold what it asks first."""
    page.add_init_script(_HOLD)
    page.reload()
    page.wait_for_function("Boolean(window.letArrive)")


def let_arrive(page: Page) -> None:
    """Let the page ask what was held, and show what comes of it."""
    with page.expect_response(re.compile("/queue/join")):
        page.evaluate("window.letArrive()")
    page.wait_for_timeout(_SETTLED)

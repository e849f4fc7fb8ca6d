"""A real Chromium that notices whatever acts: requests elsewhere, scripts that run, markup that is one."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from tests.faults.payloads import DOMAIN, FLAG
from tests.surfaces.conftest import CHROMIUM_FLAGS

_MARK = re.compile(r"poging(\d{4})")
_LEFTOVERS = """([domain, flag]) => {
  const found = [], fetching = new Set(['src', 'href', 'srcset', 'poster', 'action', 'formaction', 'data',
    'background', 'xlink:href', 'ping', 'manifest', 'path', 'url']);
  const leads = (value) => {
    try {
      const url = new URL(value.trim().split(/\\s/)[0], location.href);
      return url.hostname.endsWith(domain) || (!url.protocol.startsWith('http') && value.includes(flag));
    } catch { return false; }
  };
  const look = (root) => {
    for (const one of root.querySelectorAll('*')) {
      if (one.shadowRoot) look(one.shadowRoot);
      for (const {name, value} of one.attributes) {
        const acts = fetching.has(name) ? leads(value)
          : name === 'style' ? value.includes(domain)
          : name === 'srcdoc' ? value.includes(flag)
          : name.startsWith('on') && value.includes(flag);
        if (acts) found.push(`<${one.localName} ${name}="${value}">`);
      }
      const isConfig = one.textContent.startsWith('window.gradio_config =');
      const isCode = ['script', 'style'].includes(one.localName) && !isConfig;
      if (isCode && ['//poging', flag].some((part) => one.textContent.includes(part)))
        found.push(`<${one.localName}> ${one.textContent.slice(0, 200)}`);
    }
  };
  look(document);
  if (window[flag]) found.push(`a script ran: ${window[flag]}`);
  return found;
}"""


@dataclass
class Honeypot:
    """What listens where the attempts want to go."""

    port: int
    visits: list[str] = field(default_factory=list)
    """The first line of each request; an empty one for a connection without any."""


@contextmanager
def honeypot() -> Iterator[Honeypot]:
    """Listen for connections until the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pot = Honeypot(listener.getsockname()[1])
        thread = threading.Thread(target=_take, args=(listener, pot), daemon=True)
        thread.start()
        yield pot
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _take(listener: socket.socket, pot: Honeypot) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # The listener was shut.
        with connection:
            connection.settimeout(1)
            try:
                pot.visits.append(connection.recv(500).partition(b"\r\n")[0].decode("latin-1"))
                connection.sendall(b"HTTP/1.1 404 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                pot.visits.append("")


class Watched:
    """A browser of somebody's own, and all that it saw and did."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(locale="nl-NL", reduced_motion="reduce")
        self.context.on("request", lambda request: self._note(request.url))
        self.context.on("dialog", self._refuse)
        self.acted: list[str] = []
        self.shown: set[int] = set()
        self.texts: list[str] = []
        self.page: Page = self.context.new_page()

    def visit(self, path: str) -> None:
        """Open a page, and look at it."""
        self.page.goto(self.address + path)
        self.look()

    def look(self) -> None:
        """Note what the page shows, and what in it acts or could."""
        self.acted += [f"{found} in {self.page.url}" for found in self.leftovers()]
        self.texts.append(self.page.content())
        self.shown |= {int(number) for number in _MARK.findall(self.texts[-1])}

    def leftovers(self) -> list[str]:
        """Return the elements of the page that would act, and the scripts that did."""
        found: list[str] = self.page.evaluate(_LEFTOVERS, [DOMAIN, FLAG])
        return found

    def close(self) -> None:
        """Close all pages."""
        self.context.close()

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and not url.startswith(f"{self.address}/"):
            self.acted.append(f"a request for {url}")

    def _refuse(self, dialog: Dialog) -> None:
        self.acted.append(f"a dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def trapping_browser(pot: Honeypot) -> Iterator[Browser]:
    """Open a browser for which every host of the attempts is the honeypot."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Chromium")
    rules = f"--host-resolver-rules=MAP *.{DOMAIN} 127.0.0.1:{pot.port}"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS, rules])
        yield opened
        opened.close()

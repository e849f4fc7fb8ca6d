// Shows how far people, a build or a document are while the page is open, by reading the same page again.
// A region with a version is replaced whole when its version changes; the regions in it go by their contents.
(() => {
  const IDLE_MS = 15000;
  const BUSY_MS = 1500; // While something is under way.
  let timer;

  async function refresh() {
    if (document.hidden) return;
    try {
      const response = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
      if (!response.ok) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const shown of document.querySelectorAll("[data-refresh]")) {
        if (shown.isConnected) renew(shown, fresh.getElementById(shown.id));
      }
    } catch {
      // The server is away; the next round tries again.
    }
  }

  function renew(shown, newer) {
    if (!newer || !differs(shown, newer)) return;
    const opened = [...shown.querySelectorAll("details[open][id]")].map((one) => one.id);
    const held = shown.contains(document.activeElement) ? document.activeElement : null;
    shown.replaceChildren(...newer.childNodes);
    if ("versie" in newer.dataset) shown.dataset.versie = newer.dataset.versie;
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    if (held && !held.isConnected) (document.getElementById(held.id) ?? near(shown))?.focus();
  }

  function differs(shown, newer) {
    if ("versie" in shown.dataset) return shown.dataset.versie !== newer.dataset.versie;
    return shown.innerHTML !== newer.innerHTML;
  }

  // What had the focus is gone: whoever steers by keyboard goes on from the same place.
  const near = (shown) => shown.closest("[tabindex]") ?? shown.querySelector("a, button");

  function plan() {
    clearTimeout(timer);
    const pause = document.querySelector("[data-bezig]") ? BUSY_MS : IDLE_MS;
    timer = setTimeout(() => refresh().then(plan), pause);
  }

  document.addEventListener("ververs", () => refresh().then(plan));
  plan();
})();

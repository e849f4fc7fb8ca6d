// Shows how far people are while the page is open, by reading the same page again now and then.
const EVERY_MS = 15000;

setInterval(async () => {
  if (document.hidden) return;
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const shown of document.querySelectorAll("[data-refresh]")) {
      const newer = fresh.getElementById(shown.id);
      if (newer && newer.textContent !== shown.textContent) shown.textContent = newer.textContent;
    }
  } catch {
    // The server is away; the next round tries again.
  }
}, EVERY_MS);

// Light, dark or as the device has it. Runs in <head>, before anything is painted.
// The class "dark" is Gradio's: it sets it on <body> by the device, and we set it right again, on <html> too.
(() => {
  const KEY = "thema";
  const THEMES = ["automatisch", "licht", "donker"];
  const root = document.documentElement;
  const device = matchMedia("(prefers-color-scheme: dark)");
  let chosen = read();

  function read() {
    let kept = null;
    try {
      kept = localStorage.getItem(KEY);
    } catch {
      // Nothing is kept in this browser: a choice lasts as long as the page.
    }
    return THEMES.includes(kept) ? kept : "automatisch";
  }

  function keep(theme) {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // As above.
    }
  }

  function show() {
    const isDark = chosen === "donker" || (chosen === "automatisch" && device.matches);
    root.dataset.thema = chosen;
    for (const element of [root, document.body]) {
      if (element && element.classList.contains("dark") !== isDark) element.classList.toggle("dark", isDark);
    }
    for (const choice of document.querySelectorAll("[data-thema-keuze]")) {
      if (choice.value !== chosen) choice.value = chosen;
    }
  }

  const classes = new MutationObserver(show);
  const arrivals = new MutationObserver(() => {
    // Gradio draws the header later, and may draw it anew.
    const choice = document.querySelector("[data-thema-keuze]");
    if (choice && choice.value !== chosen) show();
  });

  function watchBody() {
    if (!document.body) return false;
    for (const element of [root, document.body]) {
      classes.observe(element, { attributes: true, attributeFilter: ["class"] });
    }
    arrivals.observe(document.body, { childList: true, subtree: true });
    show();
    return true;
  }

  show();
  if (!watchBody()) {
    const untilBody = new MutationObserver(() => watchBody() && untilBody.disconnect());
    untilBody.observe(root, { childList: true });
  }
  document.addEventListener("DOMContentLoaded", show);
  device.addEventListener("change", show);
  addEventListener("storage", (event) => {
    if (event.key !== KEY && event.key !== null) return;
    chosen = read();
    show();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    chosen = read();
    show();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-thema-keuze]")) return;
    chosen = event.target.value;
    keep(chosen);
    show();
  });
})();

(() => {
  document.documentElement.lang = "nl";
  const named = (name) => document.querySelector(`meta[name="alliantie-${name}"]`)?.content ?? "";
  const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scroll = (element, block) =>
    element.scrollIntoView({ block, behavior: isCalm() ? "auto" : "smooth" });

  // A mark leads to its passage: it unfolds, comes into view and gets the focus, which highlights it.
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.('a[href*="#bron-"]');
    const passage = mark && document.getElementById(mark.hash.slice(1));
    if (!passage) return;
    event.preventDefault();
    passage.closest("details")?.setAttribute("open", "");
    passage.focus({ preventScroll: true });
    scroll(passage, "center");
  }, true);

  // One question at a time: while an answer is under way, Enter waits. Without a question it does nothing.
  document.addEventListener("keydown", (event) => {
    const isSending = event.key === "Enter" && !event.shiftKey && event.target.closest?.("#vraag");
    if (!isSending) return;
    if (!event.target.value?.trim() || document.querySelector("#stop")?.checkVisibility()) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  let asked = 0;
  const follow = () => {
    const questions = document.querySelectorAll("#gesprek .user-row");
    if (questions.length > asked) scroll(questions[questions.length - 1], "start");
    asked = questions.length;
  };

  const label = () => {
    document.querySelector("#status")?.setAttribute("role", "status");
    document.querySelector('#gesprek [role="log"]')?.setAttribute("aria-label", named("gesprek"));
    // Gradio labels a message with its raw Markdown, which a screen reader would read instead of the text.
    document.querySelectorAll("#gesprek [data-testid][aria-label]").forEach((it) => it.removeAttribute("aria-label"));
    const sources = document.querySelector("#bronnen");
    sources?.setAttribute("role", "region");
    sources?.setAttribute("aria-label", named("bronnen"));
  };

  let isPlanned = false;
  new MutationObserver(() => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => { isPlanned = false; label(); follow(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();

// The question box: its keys, its draft, and how long a question may be.
const DRAFT = "concept";
const PATIENCE = 8_000; // Milliseconds in which a question that was sent shows up.
const AGAIN = [500, 1_500, 4_000]; // When it is sent once more, if it hasn't.

let expected = null; // The question whose answer has yet to show up.

export const field = () => document.querySelector("#vraag textarea");
export const isAnswering = () =>
  Boolean(document.querySelector('#nu [data-stand="searching"], #nu [data-stand="composing"]'));

export function fill(text) {
  const box = field();
  if (!box || box.value === text) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true })); // So that Gradio knows.
}

export function watchBox() {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field()?.focus();
    }
    const isSending = event.key === "Enter" && !event.shiftKey && event.target === field();
    // One question at a time: while an answer is under way, Enter waits. Without a question it does nothing.
    if (isSending && (isAnswering() || !field().value.trim())) {
      event.preventDefault();
      event.stopPropagation();
    } else if (isSending) {
      expectAnswer();
    }
  }, true);
  document.addEventListener("input", (event) => {
    if (event.target !== field()) return;
    keep(event.target.value);
    count();
  });
  document.addEventListener("click", (event) => event.target.closest?.("#stuur") && expectAnswer(), true);

  let isRestored = false;
  return () => {
    if (!field()) return;
    field().setAttribute("aria-describedby", "teller"); // Gradio may have drawn a new one.
    if (!isRestored) {
      isRestored = true;
      if (!field().value) fill(kept());
    }
    count();
  };
}

function keep(text) {
  try {
    sessionStorage.setItem(DRAFT, text);
  } catch {
    // Nothing is kept in this browser.
  }
}

function kept() {
  try {
    return sessionStorage.getItem(DRAFT) ?? "";
  } catch {
    return "";
  }
}

function count() {
  const counter = document.querySelector("#teller");
  if (!counter) return;
  const length = [...field().value].length;
  const most = Number(counter.dataset.meest);
  const isNear = length > 0.8 * most;
  counter.classList.toggle("onzichtbaar", !isNear);
  counter.classList.toggle("fout", length > most);
  const text = isNear ? counter.dataset.tekst.replace("#", length.toLocaleString("nl")) : "";
  if (counter.textContent !== text) counter.textContent = text;
  if (!field().value) keep("");
}

// Gradio doesn't hear who is quicker than it draws, and a server that has too much to do turns a question away
// without a word. So it is sent again; what is under way Gradio doesn't send twice. In the end we say so.
function expectAnswer() {
  const question = field().value;
  const before = newest();
  if (!question.trim() || expected === question) return;
  expected = question;
  const isUntouched = () => newest() === before && field().value === question;
  const isConnected = () => document.querySelector("#verbinding")?.hidden;
  for (const pause of AGAIN) {
    setTimeout(() => isUntouched() && isConnected() && document.querySelector("#stuur").click(), pause);
  }
  setTimeout(() => {
    expected = null;
    if (isUntouched() && isConnected()) tell("druk");
  }, PATIENCE);
}

// What the newest exchange says. Gradio's own signs stand beside it, and come and go without an answer.
const newest = () => document.querySelector("#nu .html-container")?.textContent.trim() ?? "";

function tell(key) {
  const notice = document.querySelector("#geweigerd");
  notice.textContent = notice.dataset[key];
  notice.hidden = false;
  setTimeout(() => (notice.hidden = true), 10_000);
}

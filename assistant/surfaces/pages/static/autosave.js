// Saves each answer when it is given. What isn't saved yet waits on this device, and survives a reload.
// Without JavaScript the buttons below the questions save all of them.
const form = document.getElementById("vragen");
const bar = document.getElementById("bewaarstand");
const message = bar.querySelector("p");
const retry = bar.querySelector("button");
const kept = `alliantie-onbewaard:${form.dataset.save}`;
const waiting = new Map(Object.entries(read()));
const TYPING_MS = 700;
const LONGEST_PAUSE_MS = 30000;
let pause = 1000;
let timer = 0;
let running = null;
let stopped = false;
let leaving = false; // The page that comes next may have been made before an answer was saved.

restore();
form.addEventListener("change", (event) => note(event.target, 0));
form.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) note(event.target, TYPING_MS);
});
form.addEventListener("submit", submit);
retry.addEventListener("click", () => save());
addEventListener("online", () => waiting.size && save());
addEventListener("beforeunload", () => (leaving = true));
addEventListener("pageshow", () => (leaving = false));
addEventListener("pagehide", () => waiting.size && save());

// Notes what one question now holds, and saves it after a pause.
function note(input, delay) {
  const question = input.closest("[data-item]");
  if (!question || stopped) return;
  const answer = answerOf(question);
  if (answer.remark && !answer.score && question.querySelector(".nvt input")) {
    question.querySelector(".nvt input").checked = true;
    answer.score = "nvt";
  }
  waiting.set(question.dataset.item, answer);
  write();
  mark(question.dataset.item, "");
  say(bar.dataset.saving);
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

function answerOf(question) {
  return {
    score: question.querySelector("input:checked")?.value ?? "",
    remark: question.querySelector("textarea")?.value ?? "",
  };
}

// Sends all that waits, one by one; a second call joins the first.
function save() {
  clearTimeout(timer);
  running ??= sendAll().finally(() => (running = null));
  return running;
}

async function sendAll() {
  while (waiting.size && !stopped) {
    const [item, answer] = waiting.entries().next().value;
    if (!(await send(item, answer))) return;
  }
  if (!stopped) say(bar.dataset.saved);
}

async function send(item, answer) {
  let response;
  try {
    const body = new URLSearchParams({ item, ...answer });
    const headers = { Accept: "application/json" };
    response = await fetch(form.dataset.save, { method: "POST", body, headers, keepalive: true });
  } catch {
    return fail();
  }
  if (response.status >= 500) return fail();
  const said = await response.json();
  if (!response.ok) return refuse(item, answer, response.status, said.message);
  if (settle(item, answer)) mark(item, bar.dataset.mark);
  fault(item, "");
  progress(said.answered);
  pause = 1000;
  return true;
}

// The server can't be reached: nothing is lost, and it is tried again.
function fail() {
  say(bar.dataset.failed, true);
  timer = setTimeout(save, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  return false;
}

// The server won't have it: one answer, or any answer of a check that has closed or gone.
function refuse(item, answer, status, said) {
  if (status === 422) {
    settle(item, answer);
    fault(item, said);
    return true;
  }
  stopped = true;
  localStorage.removeItem(kept);
  say(said, true);
  retry.hidden = true;
  return false;
}

// Takes an answer from what waits, unless a newer one came in its place; says whether it did.
function settle(item, answer) {
  const isNewest = waiting.get(item) === answer;
  if (isNewest) waiting.delete(item);
  if (!leaving) write();
  return isNewest;
}

// Leaves the page only when all is saved; the form carries every answer along once more.
async function submit(event) {
  if (stopped || (!waiting.size && !running)) return;
  event.preventDefault();
  const button = event.submitter;
  await save();
  if (!waiting.size) form.requestSubmit(button);
}

// Fills in what was waiting when this page was left, and sends it.
function restore() {
  for (const [item, answer] of waiting) {
    const question = form.querySelector(`[data-item="${CSS.escape(item)}"]`);
    if (!question) continue;
    const radio = question.querySelector(`input[value="${CSS.escape(answer.score)}"]`);
    const remark = question.querySelector("textarea");
    if (radio) radio.checked = true;
    if (remark) remark.value = answer.remark;
    if (answer.remark && remark?.closest("details")) remark.closest("details").open = true;
  }
  if (waiting.size) save();
}

function fault(item, said) {
  const line = document.getElementById(`fout-${item}`);
  if (!line) return;
  line.textContent = said;
  line.hidden = !said;
}

function mark(item, said) {
  const place = form.querySelector(`[data-item="${CSS.escape(item)}"] .bewaard`);
  if (place) place.textContent = said;
}

function progress(answered) {
  const counted = document.getElementById("beantwoord");
  counted.textContent = counted.dataset.template.replace("@", answered);
  document.getElementById("voortgang").value = answered;
}

function say(text, isFailure = false) {
  message.textContent = text;
  bar.classList.toggle("mislukt", isFailure);
  retry.hidden = !isFailure;
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(kept)) ?? {};
  } catch {
    return {};
  }
}

function write() {
  try {
    if (waiting.size) localStorage.setItem(kept, JSON.stringify(Object.fromEntries(waiting)));
    else localStorage.removeItem(kept);
  } catch {
    // Without room on this device, answers still wait on the page.
  }
}

// What a reader does with an answer: copy it, and say what he thinks of it.
import { postTo } from "./sending.js";

// What was thought of an answer in this visit: the server draws the page with what it knew when it opened it.
const given = new Map();

export function watchActions() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-kopie], [data-oordeel]");
    if (!button) return;
    if (button.dataset.oordeel) judge(button);
    else copy(button);
  });
  return () => {
    for (const button of document.querySelectorAll("[data-oordeel]")) {
      const verdict = given.get(button.dataset.antwoord);
      if (verdict !== undefined) press(button, button.dataset.oordeel === verdict);
    }
  };
}

function press(button, isPressed) {
  if (button.getAttribute("aria-pressed") !== String(isPressed)) button.setAttribute("aria-pressed", isPressed);
}

export async function toClipboard(text, html = "") {
  try {
    const parts = { "text/plain": new Blob([text], { type: "text/plain" }) };
    if (html) parts["text/html"] = new Blob([html], { type: "text/html" });
    await navigator.clipboard.write([new ClipboardItem(parts)]);
    return true;
  } catch {
    // Without https there is no clipboard to write to; the older way still works.
    const field = document.body.appendChild(document.createElement("textarea"));
    field.value = text;
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    return isDone;
  }
}

async function copy(button) {
  const isDone = await toClipboard(button.dataset.kopie, button.dataset.kopieHtml);
  say(button, isDone ? "gekopieerd" : "mislukt");
}

function say(button, key, text = document.querySelector("#teksten")?.dataset[key] ?? "") {
  const place = button.closest(".doen")?.querySelector(".gedaan");
  if (place) place.textContent = text;
}

async function judge(button) {
  const isWithdrawn = button.getAttribute("aria-pressed") === "true";
  if (isWithdrawn) return give(button, { intrekken: "1" });
  if (button.dataset.oordeel === "helpful") return give(button, { verdict: "helpful" });
  const dialog = document.querySelector("#oordeel");
  const verdict = button.dataset.oordeel;
  dialog.querySelector("form").reset();
  for (const it of dialog.querySelectorAll("[data-unhelpful]")) it.textContent = it.dataset[verdict];
  dialog.querySelector("[data-redenen]").hidden = verdict !== "unhelpful";
  const fault = dialog.querySelector("[data-fout]");
  fault.hidden = true;
  dialog.querySelector("[data-sluit]").onclick = () => dialog.close();
  dialog.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    form.set("verdict", verdict);
    if (await give(button, form)) return dialog.close();
    fault.textContent = fault.dataset.fout;
    fault.hidden = false;
  };
  dialog.showModal();
}

async function give(button, fields) {
  const said = await postTo(`/gesprekken/oordeel/${button.dataset.antwoord}`, fields);
  if (said) {
    const isWithdrawn = !(fields instanceof FormData) && "intrekken" in fields;
    given.set(button.dataset.antwoord, isWithdrawn ? "" : button.dataset.oordeel);
    for (const other of button.parentElement.querySelectorAll("[data-oordeel]")) {
      press(other, other === button && !isWithdrawn);
    }
  }
  say(button, "mislukt", said?.message);
  if (!said) say(button, "onbewaard");
  return Boolean(said);
}

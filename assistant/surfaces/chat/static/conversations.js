// The list of conversations beside the page, and what can be done with the one that is open.
import { isAnswering } from "./box.js";
import { postTo } from "./sending.js";

const shown = () => new URLSearchParams(location.search).get("gesprek") ?? "";
const list = () => document.querySelector("[data-lijst]");
let listed = null; // What the list was fetched for.
let typing = 0;
let hasTalked = false; // Whether there has been a question and answer on this page.

export function watchConversations() {
  document.addEventListener("click", (event) => {
    const item = event.target.closest?.("#gesprekken [data-lijst] a[href*='gesprek=']");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (item && isPlain) open(event, item);
    if (event.target.closest?.("[data-doe='nieuw']")) fold();
    if (event.target.closest?.("[data-uitklap]")) unfold(event.target.closest("[data-uitklap]"));
    if (event.target.closest?.("[data-hernoem]")) rename();
    if (event.target.closest?.("[data-wis]")) erase();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target) || event.target.closest("li")) menu.open = false;
    }
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-zoek]")) return;
    clearTimeout(typing);
    typing = setTimeout(fetchList, 200);
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  addEventListener("popstate", () => location.reload());
  return () => {
    follow();
    const state = `${shown()} ${document.querySelector("#nu .beurt")?.id}`;
    if (list() && listed !== state && !isAnswering()) {
      listed = state;
      fetchList();
    }
  };
}

// The address says which conversation is on the page, so that it is there after a reload.
function follow() {
  const turn = document.querySelector("#nu .beurt");
  if (!turn && !hasTalked) return; // The page has only just been opened.
  hasTalked = true;
  const id = document.querySelector("#nu [data-gesprek]")?.dataset.gesprek ?? "";
  if (id === shown()) return;
  const isNew = turn && !shown(); // What was asked has just been kept.
  history[isNew ? "replaceState" : "pushState"](null, "", id ? `/?gesprek=${id}` : "/");
}

async function fetchList() {
  const sought = document.querySelector("[data-zoek]")?.value ?? "";
  const asked = new URLSearchParams({ zoek: sought, open: shown() });
  try {
    const response = await fetch(`/gesprekken/lijst?${asked}`);
    if (response.ok) list().innerHTML = await response.text(); // Our own server's, in which all text is escaped.
  } catch {
    // The list stays as it was; that the server is gone is told elsewhere.
  }
}

// Gradio learns of it through a button of its own kind, in the same piece of the page.
function open(event, item) {
  event.preventDefault();
  press("open", new URL(item.href).searchParams.get("gesprek"));
  fold();
}

function press(act, text) {
  const button = document.createElement("button");
  button.hidden = true;
  Object.assign(button.dataset, { doe: act, tekst: text });
  document.querySelector("#gesprekken .zijbalk").append(button);
  button.click();
  button.remove();
}

function unfold(button) {
  const isOpen = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(isOpen));
  document.documentElement.classList.toggle("met-zijbalk", isOpen);
}

function fold() {
  const button = document.querySelector("[data-uitklap]");
  if (button?.getAttribute("aria-expanded") === "true") unfold(button);
}

function rename() {
  const title = document.querySelector(".titelbalk h1");
  ask("#hernoemen", { titel: title.textContent }, "naam", (form) => {
    title.textContent = form.get("titel");
    fetchList();
  });
}

function erase() {
  ask("#wissen", {}, "wissen", () => press("nieuw", ""));
}

function ask(selector, values, act, done) {
  const id = document.querySelector(".titelbalk [data-gesprek]").dataset.gesprek;
  const dialog = document.querySelector(selector);
  const form = dialog.querySelector("form");
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  const fault = dialog.querySelector("[data-fout]");
  fault.hidden = true;
  dialog.querySelector("[data-sluit]").onclick = () => dialog.close();
  form.onsubmit = async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    if (await postTo(`/gesprekken/${id}/${act}`, fields)) {
      dialog.close();
      return done(fields);
    }
    fault.textContent = fault.dataset.fout;
    fault.hidden = false;
  };
  dialog.showModal();
}

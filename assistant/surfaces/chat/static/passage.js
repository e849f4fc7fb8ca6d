// A mark opens its passage in the side panel: in its surroundings, with the supporting words highlighted.
import { toClipboard } from "./actions.js";

let opened = null; // The id of the source beside the answer.
let cameFrom = null;

const panel = () => document.querySelector("#passage");
const part = (name) => panel().querySelector(`[data-${name}]`);

export function watchPassage() {
  document.addEventListener("click", (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const mark = event.target.closest?.("[data-noot]");
    if (mark && isPlain && document.getElementById(mark.dataset.noot)?.dataset.passage) {
      event.preventDefault();
      cameFrom = mark;
      open(mark.dataset.noot);
    }
    if (!panel()?.contains(event.target)) return;
    if (event.target.closest("[data-sluit]")) close();
    if (event.target.closest("[data-vorige]")) step(-1);
    if (event.target.closest("[data-volgende]")) step(1);
    if (event.target.closest("[data-deel]")) share();
  });
  document.addEventListener("keydown", (event) => {
    if (!panel() || panel().hidden || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") close();
    if (!panel().contains(document.activeElement)) return;
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  return () => {
    // The answer is gone: another conversation, or a new one.
    if (opened && !document.getElementById(opened)) close(false);
  };
}

function neighbours() {
  const all = [...(document.getElementById(opened)?.parentElement.querySelectorAll("[data-passage]") ?? [])];
  return [all, all.findIndex((one) => one.id === opened)];
}

async function open(id) {
  const source = document.getElementById(id);
  opened = id;
  document.querySelectorAll(".bronnen .open").forEach((one) => one.classList.remove("open"));
  source.classList.add("open");
  const title = panel().querySelector("h2");
  title.textContent = title.dataset.titel.replace("#", source.querySelector(".nummer").textContent);
  const [all, at] = neighbours();
  part("vorige").disabled = at === 0;
  part("volgende").disabled = at === all.length - 1;
  panel().querySelector(".gedaan").textContent = "";
  inPlace(() => {
    panel().hidden = false;
    document.documentElement.classList.add("met-passage");
  });
  const content = part("inhoud");
  content.textContent = content.dataset.bezig;
  if (!panel().contains(document.activeElement)) panel().focus({ preventScroll: true });
  const html = await fetchPassage(source.dataset.passage);
  if (opened !== id) return;
  if (html === null) content.textContent = content.dataset.mislukt;
  else content.innerHTML = html; // Our own server's, in which all text is escaped.
  content.scrollTop = 0;
  const mark = content.querySelector("mark");
  if (mark) content.scrollTop = Math.max(0, mark.offsetTop - content.offsetTop - content.clientHeight / 3);
}

// The page makes room for the passage: the mark that led to it stays where it is on the screen.
function inPlace(change) {
  const before = cameFrom?.isConnected ? cameFrom.getBoundingClientRect().top : null;
  change();
  if (before !== null && cameFrom.checkVisibility()) scrollBy(0, cameFrom.getBoundingClientRect().top - before);
}

async function fetchPassage(address) {
  try {
    const response = await fetch(address);
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

function step(by) {
  const [all, at] = neighbours();
  const next = all[at + by];
  if (next) open(next.id);
}

function close(isByReader = true) {
  inPlace(() => {
    panel().hidden = true;
    document.documentElement.classList.remove("met-passage");
  });
  document.getElementById(opened)?.classList.remove("open");
  opened = null;
  if (isByReader && cameFrom?.isConnected) cameFrom.focus();
}

async function share() {
  const link = document.getElementById(opened)?.querySelector("a.vindplaats")?.href;
  const place = panel().querySelector(".gedaan");
  const button = part("deel");
  place.textContent = (await toClipboard(link)) ? button.dataset.gedaan : button.dataset.mislukt;
}

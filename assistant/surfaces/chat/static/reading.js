// Follows an answer as it comes: brings the question into view, and lets a screen reader read what is new.
const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
let last = "";
let said = 0;
let state = "";

export function readAloud() {
  return () => {
    const turn = document.querySelector("#nu .beurt");
    if (!turn) {
      last = "";
      return;
    }
    const now = `${turn.id} ${turn.querySelector(".vraagtekst").textContent}`;
    if (now !== last) {
      last = now;
      // In a conversation that was opened, nobody waits for an answer to be read.
      said = "vers" in turn.dataset ? 0 : Infinity;
      state = "";
      if (said === 0) {
        turn.scrollIntoView({ block: "start", behavior: isCalm() ? "auto" : "smooth" });
        say(log()?.dataset.zoekt);
      }
    }
    const blocks = [...turn.querySelectorAll("[data-tekst] p, [data-tekst] li")];
    const isDone = turn.dataset.stand !== "composing" && turn.dataset.stand !== "searching";
    const ready = isDone ? blocks.length : blocks.length - 1; // The last may still grow.
    for (; said < ready; said += 1) say(blocks[said].textContent);
    const ended = isDone ? now : "";
    if (ended && ended !== state && said !== Infinity) say(log()?.dataset.klaar);
    state = ended;
  };
}

const log = () => document.querySelector("#voorlezen");

function say(text) {
  if (!log() || !text) return;
  const line = document.createElement("p");
  line.textContent = text;
  log().append(line);
  while (log().childElementCount > 40) log().firstElementChild.remove();
}

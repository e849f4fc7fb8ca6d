// Notices that the server is gone, says so, and goes on where the reader was once it is back.
import { fill, isAnswering } from "./box.js";

const CALM = 10_000;
const EAGER = 2_000;
const SLOW = 5_000;

let isLost = false;
let asked = null; // When the answer that is under way began, or last got on.
let timer = 0;

export function watchConnection() {
  addEventListener("offline", look);
  addEventListener("online", look);
  document.addEventListener("visibilitychange", look);
  watchAccess();
  plan();
  let seen = "";
  return () => {
    const now = isAnswering() ? document.querySelector("#nu").textContent : null;
    if (now === null) asked = null;
    else if (now !== seen) asked = Date.now();
    seen = now ?? "";
  };
}

function plan() {
  clearTimeout(timer);
  const isWaiting = asked !== null && Date.now() - asked > SLOW;
  timer = setTimeout(look, isLost || isWaiting ? EAGER : CALM);
}

// Whose key is no longer good is sent to sign in, by the page itself, and finds the draft again afterwards.
function watchAccess() {
  const isOut = ({ name, responseStatus }) => responseStatus === 401 && name.startsWith(`${location.origin}/`);
  const observer = new PerformanceObserver((list) => list.getEntries().some(isOut) && location.reload());
  observer.observe({ type: "resource" });
}

async function look() {
  if (document.visibilityState === "visible") {
    const isThere = await isServing();
    if (isThere && isLost) comeBack();
    if (!isThere && !isLost) say("weg");
    isLost = !isThere;
  }
  plan();
}

async function isServing() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(4_000) })).ok;
  } catch {
    return false;
  }
}

// The server may have started anew and know nothing of this page: the conversation is fetched again.
function comeBack() {
  say("terug");
  if (isAnswering()) fill(document.querySelector("#nu .vraagtekst").textContent);
  location.reload();
}

function say(key) {
  const notice = document.querySelector("#verbinding");
  if (!notice) return;
  notice.textContent = notice.dataset[key];
  notice.hidden = false;
}

// Puts the page to work. Gradio draws it later and redraws parts of it: everything listens on the document.
import { watchActions } from "./actions.js";
import { watchBox } from "./box.js";
import { watchConnection } from "./connection.js";
import { watchConversations } from "./conversations.js";
import { watchDrops } from "./dropping.js";
import { watchPassage } from "./passage.js";
import { readAloud } from "./reading.js";

// Gradio gives the document the language of the browser; what stands in it is Dutch in any browser.
const root = document.documentElement;
const keepDutch = () => { if (root.lang !== "nl") root.lang = "nl"; };
new MutationObserver(keepDutch).observe(root, { attributes: true, attributeFilter: ["lang"] });
keepDutch();

// Gradio makes the place where the state of the assistant is told, and says nothing of what it is for.
const announceStatus = () => () => document.querySelector("#status")?.setAttribute("role", "status");

const watching = [
  announceStatus, watchActions, watchBox, watchConnection, watchConversations, watchDrops, watchPassage, readAloud,
];
const settled = watching
  .map((watch) => watch())
  .filter(Boolean);

let isPlanned = false;
function lookSoon() {
  if (isPlanned) return;
  isPlanned = true;
  requestAnimationFrame(() => {
    isPlanned = false;
    for (const look of settled) look();
  });
}

new MutationObserver(lookSoon)
  .observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-stand"] });
lookSoon(); // Over a slow line Gradio may have drawn the page before this ran.

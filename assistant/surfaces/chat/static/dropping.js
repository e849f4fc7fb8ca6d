// Files that are dropped on the page become documents of one's own; what becomes of them is told below.
const LONG_MS = 15_000;
let closing;

export function watchDrops() {
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      if (kind === "drop") addAll([...event.dataTransfer.files]);
    });
  }
}

const notice = () => document.querySelector("#neergezet");

async function addAll(files) {
  const told = [];
  for (const file of files) {
    say([...told, `${file.name}: ${notice().dataset.bezig}`]);
    told.push(`${file.name}: ${await add(file)}`);
  }
  say(told);
  clearTimeout(closing);
  closing = setTimeout(() => (notice().hidden = true), LONG_MS);
}

async function add(file) {
  if (file.size > Number(notice().dataset.meest)) return notice().dataset.teGroot;
  const body = new FormData();
  body.set("bestand", file);
  try {
    const response = await fetch("/documenten", { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    return answer.files?.[0]?.message ?? answer.detail ?? answer.message ?? notice().dataset.mislukt;
  } catch {
    return notice().dataset.mislukt;
  }
}

function say(lines) {
  notice().querySelector("span").textContent = lines.join("\n");
  notice().hidden = false;
}

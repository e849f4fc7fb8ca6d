// Sends files as soon as they are chosen or dropped, one after another, and tells what becomes of each.
// Without this script the form does the same with its button.
(() => {
  const form = document.getElementById("toevoegen");
  const list = document.getElementById("inzendingen");
  if (!form || !list) return;
  const field = form.querySelector("input[type=file]");
  const SHOWN_MS = 4000; // How long a file that was kept stays here; then the list below has it.
  const waiting = [];
  let isSending = false;
  // What is chosen is sent at once: there is nothing to press, and the field never holds a file.
  form.querySelector(".knoppen").hidden = true;
  field.required = false;
  field.hidden = true;
  const chooser = Object.assign(document.createElement("button"), { type: "button", className: "knop" });
  chooser.textContent = form.dataset.kies;
  chooser.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
  chooser.addEventListener("click", () => field.click());
  field.after(chooser);

  field.addEventListener("change", () => {
    add([...field.files]);
    field.value = "";
  });
  let depth = 0;
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      if (kind === "dragenter") depth += 1;
      if (kind === "dragleave") depth -= 1;
      if (kind === "drop") depth = 0;
      document.body.classList.toggle("boven-neer", depth > 0);
      if (kind === "drop") dropped(event.dataTransfer);
    });
  }

  function dropped(transfer) {
    const items = [...transfer.items].filter((one) => one.kind === "file");
    for (const item of items) {
      const entry = item.webkitGetAsEntry?.();
      const file = item.getAsFile();
      if (entry?.isDirectory) say(row(entry.name), form.dataset.map, true);
      else if (file) add([file]);
    }
  }

  function add(files) {
    for (const file of files) {
      const place = row(file.name);
      if (file.size > Number(form.dataset.meest)) say(place, form.dataset.teGroot, true);
      else waiting.push([file, place]);
    }
    next();
  }

  function row(name) {
    list.hidden = false;
    const place = list.appendChild(document.createElement("li"));
    place.append(Object.assign(document.createElement("strong"), { textContent: name }));
    place.append(document.createElement("span"));
    return place;
  }

  function say(place, text, isWrong = false, link = "") {
    const told = place.querySelector("span");
    told.textContent = text;
    told.className = isWrong ? "fout" : "";
    if (!link) return;
    const to = Object.assign(document.createElement("a"), { href: link, textContent: form.dataset.bekijk });
    place.append(to);
  }

  function forget(place) {
    place.remove();
    list.hidden = !list.children.length;
  }

  function next() {
    const first = isSending ? undefined : waiting.shift();
    if (!first) return;
    isSending = true;
    send(...first);
  }

  // An XMLHttpRequest, because fetch doesn't tell how much of a body is sent.
  function send(file, place) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("bestand", file);
    if (form.elements.delen.checked) body.set("delen", "ja");
    request.upload.onprogress = (event) => {
      const share = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
      place.querySelector("span").textContent = form.dataset.bezigMet.replace("@", share);
    };
    request.onloadend = () => {
      conclude(place, request);
      isSending = false;
      document.dispatchEvent(new Event("ververs"));
      next();
    };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.send(body);
  }

  function conclude(place, request) {
    const told = request.response?.files?.[0];
    const isKept = request.status === 202;
    if (!told) return say(place, request.response?.message ?? form.dataset.mislukt, true);
    say(place, told.message, !isKept, isKept ? "" : told.link);
    if (isKept) setTimeout(() => forget(place), SHOWN_MS);
  }
})();

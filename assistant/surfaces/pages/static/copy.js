// Buttons that copy a field. Without JavaScript they stay hidden: the field can be selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const status = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = (await copy(field)) ? button.dataset.done : button.dataset.failed;
  });
}

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Without https there is no clipboard to write to; the older way still works.
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

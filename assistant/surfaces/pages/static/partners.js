// One more field for a partner, without a trip to the server.
const partners = document.getElementById("partners");
const add = document.getElementById("partner-erbij");

add?.addEventListener("click", (event) => {
  event.preventDefault();
  const rows = partners.querySelectorAll(".partner");
  const number = rows.length + 1;
  const row = rows[0].cloneNode(true);
  const label = row.querySelector("label");
  const input = row.querySelector("input");
  row.querySelector(".fout")?.remove();
  label.textContent = partners.dataset.label.replace("@", number);
  label.htmlFor = input.id = `partner-${number}`;
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
  input.value = "";
  rows[rows.length - 1].after(row);
  input.focus();
  add.hidden = number >= Number(partners.dataset.most);
});

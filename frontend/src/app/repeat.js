// data-repeat: a table of rows; its <template> is the empty row, named with the placeholder __N__.
import { announce, word } from "../words.js";

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-row-add]");
  if (add) addRow(add.closest("[data-repeat]"));
  const remove = event.target.closest("[data-row-remove]");
  if (remove) removeRow(remove.closest("tr"));
});

function addRow(box) {
  const body = box.querySelector("tbody");
  const number = body.rows.length;
  const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
  rename(row, /__N__/g, String(number));
  body.append(row);
  count(box);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  announce(word("row", { n: number + 1 }));
  changed(box);
}

function removeRow(row) {
  const box = row.closest("[data-repeat]");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  const name = box.dataset.repeat;
  [...box.querySelector("tbody").rows].forEach((left, number) =>
    rename(left, new RegExp(`^${name}-\\d+-`), `${name}-${number}-`),
  );
  count(box);
  (next?.querySelector("input:not([type=hidden]), select, textarea") ?? box.querySelector("[data-row-add]")).focus();
  announce(word("removed"));
  changed(box);
}

function rename(row, pattern, text) {
  for (const node of row.querySelectorAll("[name], [id], [for], [aria-describedby], [data-filter]"))
    for (const attribute of ["name", "id", "for", "aria-describedby", "data-filter"])
      if (node.hasAttribute(attribute)) node.setAttribute(attribute, node.getAttribute(attribute).replace(pattern, text));
}

function count(box) {
  [...box.querySelectorAll("[data-row-number]")].forEach((cell, number) => (cell.textContent = number + 1));
}

const changed = (box) => box.dispatchEvent(new CustomEvent("repeat", { bubbles: true }));

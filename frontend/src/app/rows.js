// data-rows: a list one walks with j and k, ticks with x, opens with Enter; Shift-click ticks a range.
import { takesText } from "./typing.js";

let here = null;

const rowsOf = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => row.offsetParent !== null);
const tickOf = (row) => row.querySelector("input[type=checkbox][data-tick]");

function move(step) {
  const rows = rowsOf();
  if (!rows.length) return;
  const at = rows.indexOf(here);
  const next = rows[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step, 0), rows.length - 1)];
  here?.classList.remove("row-here");
  here = next;
  here.classList.add("row-here");
  (here.querySelector("a[data-open]") ?? tickOf(here))?.focus({ preventScroll: true });
  here.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (takesText(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x" && here) tickOf(here)?.click();
  else if (event.key === "Enter" && here && !event.target.closest("a, button, summary")) here.querySelector("a[data-open]")?.click();
  else return;
  event.preventDefault();
});

let lastTicked = null;
document.addEventListener("click", (event) => {
  const tick = event.target.closest("[data-rows] input[data-tick]");
  if (tick) {
    if (event.shiftKey && lastTicked) tickRange(lastTicked, tick);
    lastTicked = tick;
  }
  const all = event.target.closest("[data-rows] input[data-tick-all]");
  if (all) for (const row of rowsOf()) if (tickOf(row)) tickOf(row).checked = all.checked;
  const whole = event.target.closest("[data-rows] input[name=_all]");
  const clear = event.target.closest("[data-bulk-clear]");
  if (clear) for (const box of document.querySelectorAll("[data-rows] :is([data-tick], [data-tick-all], [name=_all])")) box.checked = false;
  if (tick || all || whole || clear) settle();
});

function tickRange(from, to) {
  const ticks = rowsOf().map(tickOf).filter(Boolean);
  const [first, last] = [ticks.indexOf(from), ticks.indexOf(to)].sort((a, b) => a - b);
  for (const tick of ticks.slice(Math.max(first, 0), last + 1)) tick.checked = to.checked;
}

// What is ticked is remembered while the person turns pages of the same list.
const list = document.querySelector("[data-rows]");
const store = list?.dataset.rows && `ticked:${list.dataset.rows}`;

function settle() {
  const ticks = [...document.querySelectorAll("[data-rows] input[data-tick]")];
  for (const tick of ticks) tick.closest("[data-row]").setAttribute("aria-selected", String(tick.checked));
  const elsewhere = remember(ticks);
  const chosen = ticks.filter((tick) => tick.checked).length + elsewhere.length;
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    const whole = bar.querySelector("input[name=_all]");
    if (chosen === 0 && whole) whole.checked = false;
    bar.hidden = chosen === 0;
    bar.querySelector("[data-bulk-count]").textContent = whole?.checked ? whole.dataset.count : chosen;
    carry(bar, elsewhere, ticks[0]?.name);
  }
}

function remember(ticks) {
  if (!store) return [];
  const values = new Set(JSON.parse(sessionStorage.getItem(store) ?? "[]"));
  const here = new Set(ticks.map((tick) => tick.value));
  for (const tick of ticks) values[tick.checked ? "add" : "delete"](tick.value);
  sessionStorage.setItem(store, JSON.stringify([...values]));
  return [...values].filter((value) => !here.has(value));
}

function carry(bar, values, name) {
  for (const old of bar.querySelectorAll("[data-carried]")) old.remove();
  for (const value of values) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    input.dataset.carried = "";
    bar.append(input);
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-bulk-clear]") && store) {
    sessionStorage.removeItem(store);
    settle();
  }
}, true);

if (store) {
  const values = new Set(JSON.parse(sessionStorage.getItem(store) ?? "[]"));
  for (const tick of list.querySelectorAll("input[data-tick]")) if (values.has(tick.value)) tick.checked = true;
}
settle();

// The page that tells what became of the ticked rows lets go of them.
if (document.querySelector("[data-ticks-done]"))
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("ticked:")) sessionStorage.removeItem(name);

// ? help, / search, g + letter to a place (links with data-go="t"), Ctrl+Enter submits the form in hand.
import { takesText } from "./typing.js";

const AFTER_G = 1200;
let waiting = 0;

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) return submit(event);
  if (takesText(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (waiting && Date.now() - waiting < AFTER_G) return go(event);
  if (event.key === "?") document.getElementById("shortcuts")?.showModal();
  else if (event.key === "/") document.querySelector("[data-search]")?.focus();
  else if (event.key === "g") waiting = Date.now();
  else if (event.key === "n" && document.querySelector("[data-next]")) document.querySelector("[data-next]").click();
  else return;
  event.preventDefault();
});

function go(event) {
  waiting = 0;
  const link = document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
}

function submit(event) {
  const form = event.target.closest("form") ?? document.querySelector("form[data-form]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.primary") ?? undefined);
}

// The first error takes the focus; one submission only; data-filter narrows a long list of choices.
const summary = document.querySelector("[data-summary]");
if (summary) {
  summary.focus();
  summary.scrollIntoView({ block: "start" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-summary] a[href^='#']");
  if (!link) return;
  const target = document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const control = target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), select, textarea, button");
  (control ?? target).focus();
  target.scrollIntoView({ block: "center" });
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  const stays = event.submitter?.matches("[data-download]"); // a file comes and the page stays
  if (form.method === "post" && !stays) form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("input", (event) => {
  const filter = event.target.closest("[data-filter]");
  if (!filter) return;
  const wanted = filter.value.trim().toLowerCase();
  for (const option of document.getElementById(filter.dataset.filter).options)
    option.hidden = Boolean(wanted && option.value) && !(option.text + (option.dataset.keys ?? "")).toLowerCase().includes(wanted);
});

// A choice that narrows a list takes effect at once; without scripts there is the button.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// Saved opinions: a click, or Alt and its number in the field it belongs to.
document.addEventListener("click", (event) => {
  const saved = event.target.closest("[data-insert]");
  if (saved) insert(saved);
});

document.addEventListener("keydown", (event) => {
  const number = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (!number || !event.altKey || event.ctrlKey || event.metaKey || event.isComposing || !event.target.matches("textarea")) return;
  const saved = document.querySelectorAll(`[data-insert][data-into="${CSS.escape(event.target.id)}"]`)[number - 1];
  if (!saved) return;
  event.preventDefault();
  insert(saved);
});

function insert(saved) {
  const field = document.getElementById(saved.dataset.into);
  saved.closest("details[data-menu]")?.removeAttribute("open");
  field.value = field.value ? `${field.value}\n${saved.dataset.insert}` : saved.dataset.insert;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

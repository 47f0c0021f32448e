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
  if (form.method === "post") form.dataset.sent = "yes";
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

document.addEventListener("click", (event) => {
  const saved = event.target.closest("[data-insert]");
  if (!saved) return;
  const field = document.getElementById(saved.dataset.into);
  field.value = field.value ? `${field.value}\n${saved.dataset.insert}` : saved.dataset.insert;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

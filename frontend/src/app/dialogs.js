// data-dialog="ID" opens a dialog, data-close closes it; menus close on Escape and on a click elsewhere.
// A link with data-in-dialog leads to a page with one form: here the form comes up over the page one is on.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const known = opener && document.getElementById(opener.dataset.dialog);
  if (known) {
    event.preventDefault();
    known.showModal();
  }
  const over = event.target.closest("[data-close]")?.closest("dialog");
  if (over) {
    event.preventDefault();
    over.close();
  }
  const link = event.target.closest("a[data-in-dialog]");
  if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    openInDialog(link);
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]"))
    if (!menu.contains(event.target) || opener || link) menu.open = false;
  if (event.target.closest("[data-print]")) window.print();
});

async function openInDialog(link) {
  const answer = await fetch(link.href).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page && page.querySelector("[data-dialog-body]");
  if (!form) return location.assign(link.href);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", form.querySelector("h1")?.textContent ?? "");
  form.classList.remove("panel");
  dialog.append(document.adoptNode(form));
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The navigation is folded on a narrow screen and always open on a wide one.
const fold = document.querySelector("[data-nav-fold]");
const narrow = matchMedia("(width <= 720px)");
const settle = () => fold && (fold.open = !narrow.matches);
narrow.addEventListener("change", settle);
settle();

// A long navigation shows where one is.
const here = document.querySelector(".nav a[aria-current]");
if (!narrow.matches) here?.scrollIntoView({ block: "nearest" });

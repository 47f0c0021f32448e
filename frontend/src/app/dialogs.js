// data-dialog="ID" opens a dialog, data-close closes it; menus close on Escape and on a click elsewhere.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  event.target.closest("[data-close]")?.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]"))
    if (!menu.contains(event.target) || opener) menu.open = false;
  if (event.target.closest("[data-print]")) window.print();
});

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

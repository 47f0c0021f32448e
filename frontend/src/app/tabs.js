// data-tabs: panes of one page.  Without scripts every pane is shown, one below the other.
for (const list of document.querySelectorAll("[data-tabs]")) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const paneOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

  const show = (chosen, remember) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const pane = paneOf(tab);
      if (pane) pane.hidden = !isChosen;
    }
    paneOf(chosen)?.dispatchEvent(new CustomEvent("pane-shown", { bubbles: true }));
    if (remember) history.replaceState(history.state, "", chosen.hash);
  };

  for (const tab of tabs) {
    const pane = paneOf(tab);
    pane?.setAttribute("role", "tabpanel");
    pane?.setAttribute("aria-labelledby", tab.id);
  }
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    event.preventDefault();
    show(tab, true);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus();
    show(next, true);
    event.preventDefault();
  });
  const showAddressed = () => show(tabs.find((tab) => tab.hash === location.hash) ?? tabs[0], false);
  window.addEventListener("hashchange", showAddressed);
  showAddressed();
}

// data-search: whatever box a page has to search in also leads everywhere: suggestions while typing, through
// body[data-suggestions]; the last one asks the search page.  Without an answer the box is as it was.
import { announce, word } from "../words.js";

const PAUSE = 200;
const { suggestions: source, searchPage: everywhere } = document.body.dataset;

function equip(box, number) {
  const list = Object.assign(document.createElement("ul"), { id: `suggestions-${number}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", word("suggestions"));
  box.after(list);
  box.parentElement.classList.add("search-box");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id], ["autocomplete", "off"]])
    box.setAttribute(name, value);
  let timer = 0;
  let asked = 0;
  let chosen = -1;

  const close = () => {
    asked += 1; // an answer on its way comes too late
    clearTimeout(timer);
    list.hidden = true;
    choose(-1);
    box.setAttribute("aria-expanded", "false");
  };
  const choose = (place) => {
    const options = [...list.children];
    chosen = options.length && place !== -1 ? (place + options.length) % options.length : -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    const text = box.value.trim();
    if (text.length < 2) return close();
    const number = ++asked;
    try {
      const answer = await fetch(`${source}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok || number !== asked) return;
      show(await answer.json(), text);
    } catch {
      close();
    }
  };
  const show = (hits, text) => {
    const more = { kind: "", title: word("everywhere", { q: text }), note: "", url: `${everywhere}?q=${encodeURIComponent(text)}` };
    list.replaceChildren(...[...hits, more].map((hit, at) => option(hit, `${list.id}-${at}`)));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    choose(-1);
    announce(word("suggested", { n: hits.length }));
  };

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? list.children.length - 1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.url);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the box keeps the focus
    const url = event.target.closest("[data-url]")?.dataset.url;
    if (url && event.button === 0) location.assign(url);
  });
  box.addEventListener("blur", close);
}

function option(hit, id) {
  const item = Object.assign(document.createElement("li"), { id });
  item.setAttribute("role", "option");
  item.dataset.url = hit.url;
  for (const [name, text] of [["kind", hit.kind], ["title", hit.title], ["note", hit.note]])
    if (text) item.append(Object.assign(document.createElement("span"), { className: `suggestion-${name}`, textContent: text }));
  return item;
}

if (source) document.querySelectorAll("input[data-search]").forEach(equip);

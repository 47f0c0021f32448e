// data-poll: asks {version, new} every 3 s while the tab is in use, else every 60 s; tells, never moves rows.
import { announce, word } from "../words.js";

const USED = 3000;
const RESTING = 60000;
const lost = document.querySelector("[data-connection-lost]");
let lastUse = Date.now();

for (const kind of ["pointermove", "keydown"]) document.addEventListener(kind, () => (lastUse = Date.now()), { passive: true });

const pause = () => (document.visibilityState === "visible" && Date.now() - lastUse < RESTING ? USED : RESTING);

function watch(place) {
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.poll, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (lost) lost.hidden = answer.status < 500;
      if (answer.status === 401 || answer.status === 404) return;
      if (answer.ok) tell(place, await answer.json());
    } catch {
      if (lost) lost.hidden = false;
    }
    setTimeout(ask, pause());
  };
  setTimeout(ask, pause());
}

function tell(place, news) {
  if (news.counts) count(news.counts);
  if (String(news.version) === place.dataset.pollVersion || place.querySelector(".news")) return;
  const text = news.new ? word("newRows", { n: news.new }) : word("news");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button news", textContent: text });
  button.addEventListener("click", () => location.reload());
  place.prepend(button);
  announce(text);
}

// The counters of all queues follow; the rows stay where they are.
function count(numbers) {
  for (const [name, number] of Object.entries(numbers))
    for (const mark of document.querySelectorAll(`[data-counter="${CSS.escape(name)}"]`)) {
      mark.textContent = number;
      mark.hidden = number === 0;
    }
  document.title = (numbers.todo ? `(${numbers.todo}) ` : "") + document.title.replace(/^\(\d+\) /, "");
}

for (const place of document.querySelectorAll("[data-poll]")) watch(place);

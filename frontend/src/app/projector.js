// data-projector: a wall on a screen that nobody touches.  Every data-seconds it shows its next page, read afresh.
import { word } from "../words.js";

const HEAD = 210; // pixels above and below the rows
const lost = document.querySelector("[data-connection-lost]");
let paused = false;

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-fullscreen]")) {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }
  const button = event.target.closest("[data-projector-pause]");
  if (!button) return;
  paused = !paused;
  label(button);
});

function label(button) {
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = word(paused ? "resume" : "pause");
}

// How many rows of units fit is known only here; the server is told with every page.
function fitting(place) {
  const height = place.querySelector("tr[data-row]")?.offsetHeight ?? 48;
  return Math.max(3, Math.floor((window.innerHeight - HEAD) / height) - 1);
}

function following(place) {
  const next = new URL(place.dataset.projector, location.href);
  const rows = fitting(place);
  if (next.searchParams.get("rows") !== String(rows)) next.searchParams.set("page", "1");
  next.searchParams.set("rows", rows);
  return next;
}

async function turn(place) {
  if (paused) return place;
  const next = following(place);
  try {
    const answer = await fetch(next, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (lost) lost.hidden = answer.ok;
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-projector]");
    if (!fresh) return place;
    place.replaceWith(document.adoptNode(fresh));
    history.replaceState(null, "", next);
    const button = fresh.querySelector("[data-projector-pause]");
    if (button) label(button);
    return fresh;
  } catch {
    if (lost) lost.hidden = false;
    return place;
  }
}

function show(place) {
  setTimeout(async () => show(await turn(place)), Number(place.dataset.seconds) * 1000);
}

const first = document.querySelector("[data-projector]");
if (first) {
  const rows = new URL(location.href).searchParams.get("rows");
  if (rows !== String(fitting(first))) turn(first).then(show); // at once with as many as fit
  else show(first);
}

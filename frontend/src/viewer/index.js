// data-diagram: draws a process and its tokens.  data-state goes waiting → ready | failed.
import "./nonce.js";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { word } from "../words.js";

const STEP = 60;
const LEGIBLE = 0.6;
const MARGIN = 20;
const ARROWS = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
const drawn = new WeakMap();

const isHidden = (place) => place.offsetParent === null;

async function draw(place) {
  if (drawn.has(place) || isHidden(place)) return;
  drawn.set(place, null);
  try {
    const answer = await fetch(place.dataset.diagram, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const { xml, ...tokens } = await answer.json();
    if (isHidden(place)) return drawn.delete(place); // left meanwhile: drawn when it is shown again
    const viewer = new NavigatedViewer({
      container: place,
      bpmnRenderer: { defaultFillColor: "var(--diagram-paper)", defaultStrokeColor: "var(--diagram-ink)", defaultLabelColor: "var(--diagram-ink)" },
      textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } },
      zoomScroll: { enabled: false },
    });
    await viewer.importXML(xml);
    drawn.set(place, viewer);
    mark(viewer, tokens);
    fit(viewer);
    approach(viewer, tokens.active ?? []);
    steer(place, viewer);
    place.dataset.state = "ready";
  } catch (error) {
    place.dataset.state = "failed";
    const note = Object.assign(document.createElement("p"), { className: "notice", textContent: word("diagramFailed") + error.message });
    note.setAttribute("role", "alert");
    place.replaceChildren(note);
  }
}

/** Tokens: {active: [ids], done: [ids], counts: {id: number}}.  What is not in the diagram is passed over. */
function mark(viewer, { active = [], done = [], counts = {} }) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const isHere = new Set(active);
  for (const id of done) if (registry.get(id) && !isHere.has(id)) canvas.addMarker(id, "token-done");
  for (const id of active) if (registry.get(id)) canvas.addMarker(id, "token-active");
  for (const [id, number] of Object.entries(counts)) if (registry.get(id) && number > 0) badge(viewer, id, number);
}

function badge(viewer, id, number) {
  const html = Object.assign(document.createElement("div"), { className: "token-count", textContent: number });
  viewer.get("overlays").add(id, { position: { top: -11, right: 13 }, html });
}

function fit(viewer) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 1) canvas.zoom(1, "auto");
}

const isBeginning = ({ type, parent }) => type === "bpmn:StartEvent" && parent?.type !== "bpmn:SubProcess";

/** A large diagram in a small frame would be unreadable: begin where the work is, else at the left. */
function approach(viewer, active) {
  const canvas = viewer.get("canvas");
  if (canvas.zoom() >= LEGIBLE) return;
  const registry = viewer.get("elementRegistry");
  const element = active.map((id) => registry.get(id)).find(Boolean) ?? registry.find(isBeginning);
  canvas.zoom(LEGIBLE);
  const { inner, width, height } = canvas.viewbox();
  canvas.viewbox({ x: inner.x - MARGIN, y: inner.y - MARGIN, width, height });
  if (element) canvas.scrollToElement(element, { top: 60, right: 60, bottom: 60, left: 60 });
}

const zoom = (viewer, factor) => viewer.get("canvas").zoom(Math.min(4, Math.max(0.2, viewer.get("canvas").zoom() * factor)));

function steer(place, viewer) {
  const deeds = { in: () => zoom(viewer, 1.25), out: () => zoom(viewer, 0.8), fit: () => fit(viewer) };
  const keys = { "+": deeds.in, "=": deeds.in, "-": deeds.out, 0: deeds.fit };
  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [dx, dy] = ARROWS[event.key] ?? [];
    if (dx !== undefined) viewer.get("canvas").scroll({ dx, dy });
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });
  place.closest(".diagram")?.addEventListener("click", (event) => deeds[event.target.closest("[data-zoom]")?.dataset.zoom]?.());
  place.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(viewer, event.deltaY < 0 ? 1.1 : 0.9);
  }, { passive: false });
}

const drawAll = () => document.querySelectorAll("[data-diagram]").forEach(draw);
document.addEventListener("pane-shown", drawAll);
document.addEventListener("htmx:afterSettle", drawAll);
drawAll();

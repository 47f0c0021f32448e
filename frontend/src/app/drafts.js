// data-draft-url: saves what is typed, a moment after the last change; leaving with unsaved changes asks.
import { word } from "../words.js";
import { post } from "./request.js";

const PAUSE = 1500;
const LONGEST = 5000; // somebody who types without a pause is saved all the same
const RETRY = 10000;

for (const form of document.querySelectorAll("form[data-form]")) watch(form);

function watch(form) {
  const state = { unsaved: false, sending: false, version: 0, timer: 0, since: 0 };
  const url = form.dataset.draftUrl;
  const note = form.querySelector("[data-draft-note]");
  const say = (text) => note && (note.textContent = text);

  const changed = () => {
    state.unsaved = true;
    state.version += 1;
    state.since ||= Date.now();
    if (url) plan(Math.min(PAUSE, Math.max(0, state.since + LONGEST - Date.now())));
  };
  const plan = (delay) => {
    clearTimeout(state.timer);
    state.timer = setTimeout(save, delay);
  };
  const save = async () => {
    if (state.sending) return plan(PAUSE);
    state.sending = true;
    state.since = 0;
    const sent = state.version;
    say(word("saving"));
    const saved = await post(url, draftOf(form)).then((answer) => answer.ok, () => false);
    state.sending = false;
    if (!saved) {
      say(word("notSaved"));
      return plan(RETRY);
    }
    if (sent === state.version) state.unsaved = false;
    say(word("saved") + new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" }));
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("repeat", changed);
  form.addEventListener("submit", () => {
    clearTimeout(state.timer);
    state.unsaved = false;
  });
  // Who leaves the tab may never come back to it.
  document.addEventListener("visibilitychange", () => {
    if (url && state.unsaved && document.visibilityState === "hidden") plan(0);
  });
  window.addEventListener("beforeunload", (event) => {
    if (state.unsaved) event.preventDefault();
  });
}

/** Files are not part of a draft. */
function draftOf(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  return data;
}

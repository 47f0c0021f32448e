// The sentences scripts say, written by the server in the reader's language.
const words = JSON.parse(document.querySelector("template[data-words]")?.dataset.words ?? "{}");

export const word = (name, values = {}) =>
  (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

/** Tells a screen reader, without moving the focus. */
export function announce(text) {
  const live = document.querySelector("[data-live]");
  if (live) live.textContent = text;
}

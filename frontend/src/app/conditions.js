// data-visible-when: shows a field when its condition holds.  The tree is the one the server evaluates.
const numeric = (value) => typeof value === "number";
const ordered = (a, b) => (numeric(a) && numeric(b)) || (typeof a === "string" && typeof b === "string");
const within = (a, b) => (Array.isArray(b) ? b.includes(a) : typeof b === "string" && typeof a === "string" && b.includes(a));
const truthy = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const same = (a, b) => a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b));
const missing = (value) => (value === undefined ? null : value);

const OPERATIONS = {
  "==": same,
  "!=": (a, b) => !same(a, b),
  "<": (a, b) => ordered(a, b) && a < b,
  "<=": (a, b) => ordered(a, b) && a <= b,
  ">": (a, b) => ordered(a, b) && a > b,
  ">=": (a, b) => ordered(a, b) && a >= b,
  in: within,
  "not in": (a, b) => !within(a, b),
};

export function holds([kind, ...parts], data) {
  switch (kind) {
    case "name": return missing(data[parts[0]]);
    case "value": return parts[0];
    case "and": return parts.every((part) => truthy(holds(part, data)));
    case "or": return parts.some((part) => truthy(holds(part, data)));
    case "not": return !truthy(holds(parts[0], data));
    default: return OPERATIONS[kind](holds(parts[0], data), holds(parts[1], data));
  }
}

/** The answer as it stands in the form: data-type on a field's box says how its text is meant. */
export function answerOf(form) {
  const data = JSON.parse(form.dataset.given ?? "{}");
  for (const box of form.querySelectorAll("[data-field]")) {
    const controls = [...box.querySelectorAll(`[name="${CSS.escape(box.dataset.field)}"]:not([type=hidden])`)];
    if (controls.length) data[box.dataset.field] = valueOf(box.dataset.type, controls);
  }
  return data;
}

function valueOf(type, controls) {
  const chosen = controls.filter((c) => (c.type === "checkbox" || c.type === "radio" ? c.checked : true));
  const texts = chosen.map((control) => control.value);
  if (type === "array") return texts.length ? texts : null;
  if (type === "boolean") return controls[0].type === "checkbox" ? texts.length > 0 : texts.length ? texts[0] === "true" : null;
  const text = texts[0]?.trim();
  if (!text) return null;
  return type === "integer" || type === "number" ? Number(text) : text;
}

export function refresh(form) {
  const data = answerOf(form);
  for (const box of form.querySelectorAll("[data-visible-when]")) {
    const shown = truthy(holds(JSON.parse(box.dataset.visibleWhen), data));
    box.hidden = !shown;
    for (const control of box.querySelectorAll("input, select, textarea")) control.disabled = !shown;
  }
}

for (const form of document.querySelectorAll("form[data-form]")) {
  refresh(form);
  form.addEventListener("input", () => refresh(form));
  form.addEventListener("change", () => refresh(form));
}

// Whether a key belongs to somebody who is writing, or to an open dialog.
export function takesText(event) {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return true;
  if (document.querySelector("dialog[open]")) return true;
  const target = event.target;
  if (target.isContentEditable || target.closest("select, textarea, [role=application]")) return true;
  return target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

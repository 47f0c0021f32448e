// What every page's script does: forms, rows, shortcuts, dialogs, tabs, live refresh.
import "htmx.org";
import "./announced.js";
import "./conditions.js";
import "./dialogs.js";
import "./drafts.js";
import "./form.js";
import "./live.js";
import "./projector.js";
import "./repeat.js";
import "./rows.js";
import "./shortcuts.js";
import "./suggest.js";
import "./tabs.js";

document.documentElement.dataset.scripts = "ready";

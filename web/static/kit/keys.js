import { find, make } from "./elements.js";

/**
 * The keys of a page. Each is declared once, with what it does in words and in the page, so the list that people read
 * cannot tell otherwise than what happens.
 *
 * @typedef {{
 *   keys: string[], shown?: string[], does: string, act?: (event: KeyboardEvent) => void, where?: string,
 * }} Key `keys` as KeyboardEvent.key has them, letters small; `shown` where they are called otherwise on a keyboard;
 *   without `act` an element does it itself, and `where` says which one has to have the focus
 */

/** Whether letters and digits are for this page; speech input and shaky hands may do without. */
const STORED = "earmark.keys";
const NAMES = /** @type {Record<string, string>} */ ({
  " ": "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", "-": "−",
});

/** @param {() => Key[]} declared asked for at each key: what one may do can change @param {import("./scope.js").Scope} scope */
export function watchKeys(declared, scope) {
  scope.on(document, "keydown", (/** @type {KeyboardEvent} */ event) => pressed(event, declared()));
  const dialog = find(document, "#keys-dialog", HTMLDialogElement);
  const single = find(dialog, "input[type=checkbox]", HTMLInputElement);
  scope.on(find(document, ".show-keys"), "click", () => showKeys(dialog, declared()));
  scope.on(single, "change", () => keep(single.checked));
}

/** The list as it is now. @param {HTMLDialogElement} dialog @param {Key[]} declared */
export function showKeys(dialog, declared) {
  if (dialog.open) return;
  const rows = declared.map(({ keys, shown, does, where }) => {
    const names = (shown ?? keys.map(nameOf)).map((name) => make("kbd", { text: name }));
    const term = make("dt", {}, ...names.flatMap((name) => [name, " "]));
    return make("div", { "data-keys": keys.join(" ") }, term, make("dd", { text: where ? `${does} (${where})` : does }));
  });
  find(dialog, ".keys").replaceChildren(...rows);
  find(dialog, "input[type=checkbox]", HTMLInputElement).checked = lettersAreKeys();
  dialog.showModal();
}

/** @param {KeyboardEvent} event @param {Key[]} declared */
function pressed(event, declared) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("input, textarea, select, [contenteditable]")) return;
  // A focused button means itself with the space bar.
  if (event.key === " " && target.closest("button, a, summary, label")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (/^[\p{L}\p{N}]$/u.test(key) && !lettersAreKeys()) return;
  const found = declared.find(({ keys, act }) => act && keys.includes(key));
  if (!found) return;
  event.preventDefault();
  found.act?.(event);
}

/** @param {string} key */
const nameOf = (key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);

function lettersAreKeys() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function keep(on) {
  try {
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, "off");
  } catch {
    // Storage is forbidden here: they stay on.
  }
}

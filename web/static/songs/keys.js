import { find } from "../kit/elements.js";

/**
 * @typedef {{
 *   player: import("../listening/song-player.js").SongPlayer,
 *   write(): void, mark(): void, clear(): void, chooseVersion(place: number): void, together(): void,
 *   jump(direction: 1 | -1): void, switchSides(): void, moment(): void,
 * }} Commands
 */

/** Keys for the whole page; templates/songs/_keys_dialog.html lists them. @param {Commands} commands @param {import("../kit/scope.js").Scope} scope */
export function watchKeys(commands, scope) {
  scope.on(document, "keydown", (event) => pressed(event, commands));
}

/** @param {KeyboardEvent} event @param {Commands} commands */
function pressed(event, commands) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("input, textarea, select, [contenteditable]")) return;
  // A focused button means itself with the space bar.
  if (event.key === " " && target.closest("button, a, summary, label")) return;
  const action = actionFor(event, commands);
  if (!action) return;
  event.preventDefault();
  action();
}

/** @param {KeyboardEvent} event @param {Commands} commands @returns {(() => void) | undefined} */
function actionFor({ key, shiftKey }, commands) {
  const { player } = commands;
  const step = shiftKey ? 5 : 1;
  if (/^[1-9]$/.test(key)) return () => commands.chooseVersion(Number(key) - 1);
  /** @type {Record<string, () => void>} */
  const actions = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    ArrowLeft: () => player.seek(player.time - step),
    ArrowRight: () => player.seek(player.time + step),
    c: commands.write,
    r: commands.mark,
    m: commands.moment,
    l: () => player.toggleLoop(),
    t: commands.together,
    n: () => commands.jump(1),
    p: () => commands.jump(-1),
    x: commands.switchSides,
    "+": () => player.waveform.zoom(2),
    "=": () => player.waveform.zoom(2),
    "-": () => player.waveform.zoom(0.5),
    0: () => player.waveform.zoom(0),
    Escape: commands.clear,
    "?": () => find(document, "#keys-dialog", HTMLDialogElement).showModal(),
  };
  return actions[key.length === 1 ? key.toLowerCase() : key];
}

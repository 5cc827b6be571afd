import { find } from "../kit/elements.js";
import { showKeys, watchKeys } from "../kit/keys.js";
import { pressNewestToast } from "../kit/toast.js";
import { arm } from "./compare-actions.js";

/**
 * The keys of the compare page, each declared here and nowhere else.
 *
 * @typedef {import("./compare-page.js").ComparePage} ComparePage
 * @typedef {import("../kit/keys.js").Key} Key
 */

/** @param {ComparePage} page @param {import("../kit/scope.js").Scope} scope */
export function watchCompareKeys(page, scope) {
  watchKeys(() => keysOf(page), scope);
}

/** @param {ComparePage} page @returns {Key[]} */
function keysOf(page) {
  const { player, lanes } = page;
  const step = (/** @type {KeyboardEvent} */ { shiftKey }) => (shiftKey ? 5 : 1);
  return [
    { keys: ["x"], does: "Switch between A and B, at the same place in the music", act: () => player.other() },
    { keys: [" ", "k"], does: "Play or pause", act: () => player.toggle() },
    { keys: ["ArrowLeft"], does: "One second back; with Shift five", act: (event) => player.seek(player.position - step(event)) },
    { keys: ["ArrowRight"], does: "One second on; with Shift five", act: (event) => player.seek(player.position + step(event)) },
    { keys: ["e"], does: "Same loudness, on or off", act: () => (player.equal = !player.equal) },
    { keys: ["d"], does: "Hear only what changed", act: () => page.toggleChanged() },
    { keys: ["s"], does: "Swap A and B", act: () => page.swap() },
    { keys: ["n"], does: "Loop the next finding", act: () => page.stepFinding(1) },
    { keys: ["p"], does: "Loop the previous finding", act: () => page.stepFinding(-1) },
    { keys: ["r"], does: "Mark a range", act: () => arm(page) },
    { keys: ["Escape"], does: "Clear the range", act: () => (lanes.armed ? arm(page) : page.mark(null)) },
    { keys: ["+", "="], shown: ["+"], does: "Look closer", act: () => lanes.zoom(2) },
    { keys: ["-"], does: "Show more of the song", act: () => lanes.zoom(0.5) },
    { keys: ["0"], does: "Show all of it", act: () => lanes.zoom(0) },
    { keys: ["z"], does: "What the note at the foot offers", act: () => pressNewestToast() },
    { keys: ["?"], does: "This list", act: () => showKeys(find(document, "#keys-dialog", HTMLDialogElement), keysOf(page)) },
  ];
}

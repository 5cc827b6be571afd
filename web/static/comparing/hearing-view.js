import { find } from "../kit/elements.js";

/**
 * The bar under the lanes: what is heard, and what can be pressed.
 *
 * @typedef {import("./ab-player.js").AbPlayer} AbPlayer
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {Record<"a" | "b", Version> | null} Versions
 */

/** @param {AbPlayer} player @param {Versions} versions @param {boolean} marking */
export function showHearing(player, versions, marking) {
  const { playing, side, equal, range } = player;
  document.body.classList.toggle("playing", playing);
  find(document, "#play").setAttribute("aria-label", playing ? "Pause" : "Play");
  showSwitch(side, versions);
  press("#equal", equal);
  press("#only-changed", side === "changed");
  press("#mark-range", marking);
  find(document, "#clear-range").hidden = !range;
  find(document, "#hear-said").textContent = heardLine(player, versions);
}

/** @param {AbPlayer["side"]} side @param {Versions} versions */
function showSwitch(side, versions) {
  const [here, there] = side === "b" ? [versions?.b, versions?.a] : [versions?.a, versions?.b];
  const onlyChanged = side === "changed";
  const other = side === "a" ? there : onlyChanged ? here : there;
  const heard = onlyChanged ? "only what changed" : `v${here?.number}`;
  find(document, ".switch-side").textContent = onlyChanged ? "±" : side.toUpperCase();
  find(document, ".switch-words").textContent = onlyChanged ? "Only what changed" : heard;
  find(document, "#switch").setAttribute("aria-label", `Switch to v${(onlyChanged ? here : there)?.number}. You hear ${heard}.`);
}

/** @param {string} selector @param {boolean} pressed */
const press = (selector, pressed) => find(document, selector).setAttribute("aria-pressed", String(pressed));

/** @param {AbPlayer} player @param {Versions} versions */
function heardLine({ loading, fetching, side, sides, residualDb }, versions) {
  if (loading || fetching) return "Loading the sound…";
  const [only] = sides;
  if (only && sides.length < 2) return `This part is only in v${versions?.[only].number}.`;
  if (side !== "changed" || residualDb === null) return "";
  if (residualDb < -60) return "Nothing is left: here both are the same, sample by sample.";
  return `What changed here is ${Math.abs(residualDb).toFixed(0)} dB ${residualDb < 0 ? "quieter" : "louder"} than the music.`;
}

import { renditionsInOrder } from "./playback.js";

/** @typedef {import("../kit/contract.js").Rendition} Rendition */

/** What to play in this browser, the best first. @param {Rendition[]} available */
export function renditionsHere(available) {
  return renditionsInOrder(available, { sparing: sparing(), playsOpus: playsOpus() });
}

/** On a phone, or where the visitor asked browsers to be careful with data, a small copy is the right one. */
function sparing() {
  const connection = /** @type {{saveData?: boolean} | undefined} */ (Reflect.get(navigator, "connection"));
  return connection?.saveData === true || matchMedia("(max-width: 700px)").matches;
}

/** iPhones do since iOS 18.4. */
function playsOpus() {
  return document.createElement("audio").canPlayType('audio/ogg; codecs="opus"') !== "";
}

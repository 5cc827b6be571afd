import { find } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import { BlindListening } from "./blind-listening.js";
import { BlindPage } from "./blind-page.js";

/** The page of a blind test. */

/** @type {import("./blind-page.js").BlindPageData} */
const data = JSON.parse(find(document, "#page-data").textContent ?? "");
const listening = /** @type {BlindListening | null} */ (document.querySelector("blind-listening"));
if (listening) start(listening);

/** @param {BlindListening} listening */
function start(listening) {
  const scope = new Scope();
  listening.load(data.test.id);
  scope.on(document, "keydown", (event) => pressed(event, listening));
  new BlindPage(data, scope).start();
}

/** @param {KeyboardEvent} event @param {BlindListening} listening */
function pressed(event, listening) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  if (key === "x" || key === "y") listening.hear(key);
  // A focused button means itself with the space bar.
  else if (key === " " && !target.closest("button, a, summary")) listening.toggle();
  else return;
  event.preventDefault();
}

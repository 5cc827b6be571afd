import { copyText } from "../kit/copy.js";
import { day } from "../kit/clock.js";
import { offerToShow } from "./password.js";

/** What every page gains from JavaScript. Nothing on it needs any of this. */

/** Menus are <details>: close them by Escape or by pressing elsewhere, as menus do. */
function closeMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      const held = menu.contains(document.activeElement);
      menu.open = false;
      if (held) menu.querySelector("summary")?.focus();
    }
  });
}

/** @returns {NodeListOf<HTMLDetailsElement>} */
const openMenus = () => document.querySelectorAll("details.menu[open]");

/** The server writes times in its own zone; the reader is in theirs. */
function localiseTimes() {
  for (const time of document.querySelectorAll("time.when")) {
    const stamp = time.getAttribute("datetime") ?? "";
    time.textContent = day(stamp);
    time.setAttribute("title", new Date(stamp).toLocaleString());
  }
}

function offerCopying() {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const field = document.getElementById(button.getAttribute("data-copies") ?? "");
    if (!(field instanceof HTMLInputElement)) continue;
    button.removeAttribute("hidden");
    button.addEventListener("click", () => {
      field.select();
      copyText(field.value, "Copied.");
    });
  }
}

closeMenus();
localiseTimes();
offerCopying();
for (const field of document.querySelectorAll('input[type="password"]')) {
  offerToShow(/** @type {HTMLInputElement} */ (field));
}

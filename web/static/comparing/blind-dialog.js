import { request } from "../kit/api.js";
import { clockSpan } from "../kit/clock.js";
import { copyText } from "../kit/copy.js";
import { find } from "../kit/elements.js";
import { showBlindTests } from "./blind-list.js";

/**
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {{song: string, a: string, b: string, range: Range}} Wanted `range` in seconds of A
 */

/**
 * "Blind test" makes one for the range that is chosen, and shows the link to send.
 * @param {import("../kit/scope.js").Scope} scope @param {() => Wanted | null} wanted
 */
export function watchBlindDialog(scope, wanted) {
  const opener = document.getElementById("blind-test");
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("blind-dialog"));
  if (!opener || !dialog) return;
  const form = find(dialog, "form", HTMLFormElement);
  /** @type {Wanted | null} */
  let asked = null;
  scope.on(opener, "click", () => {
    asked = wanted();
    begin(dialog, asked);
    if (asked) showBlindTests(find(dialog, ".blind-earlier"), asked.song);
    dialog.showModal();
  });
  scope.on(form, "submit", (event) => {
    event.preventDefault();
    if (asked) make(dialog, form, asked);
  });
  const address = find(dialog, "[name=url]", HTMLInputElement);
  scope.on(find(dialog, ".copy-blind"), "click", () => copyText(address.value, "The link is copied."));
  for (const button of dialog.querySelectorAll("[data-closes]")) scope.on(button, "click", () => dialog.close());
}

/** @param {HTMLElement} dialog @param {Wanted | null} asked */
function begin(dialog, asked) {
  const { start, end } = asked?.range ?? { start: 0, end: 0 };
  find(dialog, ".blind-range").textContent = asked
    ? `They hear ${clockSpan(start, end)} of A, and the same music of B.`
    : "Both versions have to be ready first.";
  find(dialog, ".share-made").hidden = true;
  find(dialog, ".make-blind", HTMLButtonElement).hidden = false;
  find(dialog, ".make-blind", HTMLButtonElement).disabled = !asked;
  refuse(dialog, "");
}

/** @param {HTMLElement} dialog @param {HTMLFormElement} form @param {Wanted} asked */
async function make(dialog, form, { song, a, b, range }) {
  const button = find(dialog, ".make-blind", HTMLButtonElement);
  button.disabled = true;
  refuse(dialog, "");
  const question = String(new FormData(form).get("question") ?? "").trim();
  try {
    const round = (/** @type {number} */ seconds) => Math.round(seconds * 1000) / 1000;
    const body = { a, b, at: round(range.start), until: round(range.end), ...(question ? { question } : {}) };
    const test = await request("POST", `/api/songs/${song}/blind-tests`, body);
    const path = `/songs/${song}/blind/${test.id}`;
    find(dialog, "[name=url]", HTMLInputElement).value = location.origin + path;
    find(dialog, ".blind-open").setAttribute("href", path);
    find(dialog, ".share-made").hidden = false;
    button.hidden = true;
  } catch (error) {
    refuse(dialog, error instanceof Error ? error.message : "The test could not be made. Try again.");
  } finally {
    button.disabled = false;
  }
}

/** @param {HTMLElement} dialog @param {string} sentence */
function refuse(dialog, sentence) {
  const line = find(dialog, ".dialog-error");
  line.hidden = !sentence;
  line.textContent = sentence;
}

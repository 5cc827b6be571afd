import { find } from "../kit/elements.js";

/**
 * What the listener does, taken to the page.
 *
 * @typedef {import("./compare-page.js").ComparePage} ComparePage
 * @typedef {import("../kit/scope.js").Scope} Scope
 */

/** @param {ComparePage} page @param {Scope} scope */
export function watchChoice(page, scope) {
  const numbered = (/** @type {string} */ number) => page.live.versions.find((version) => String(version.number) === number);
  const chosen = (/** @type {"a" | "b"} */ side) => numbered(find(document, `#choose-${side}`, HTMLSelectElement).value);
  for (const side of ["a", "b"]) {
    scope.on(find(document, `#choose-${side}`), "change", () => page.choose(chosen("a")?.id ?? page.a, chosen("b")?.id ?? page.b));
  }
  scope.on(find(document, "#swap"), "click", () => page.swap());
  scope.on(find(document, ".lenses"), "click", ({ target }) => {
    const lens = target.closest("[data-lens]")?.dataset.lens;
    if (lens) page.chooseStage(lens);
  });
  scope.on(document, "click", (event) => {
    const link = event.target.closest("a[data-b]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const versions = page.live.versions.filter(({ status }) => status === "ready");
    const place = versions.findIndex(({ id }) => id === link.dataset.b);
    const before = versions[place > 0 ? place - 1 : 1];
    page.choose(before?.id ?? page.a, link.dataset.b);
  });
  scope.on(window, "popstate", () => {
    const query = new URLSearchParams(location.search);
    const [a, b] = ["a", "b"].map((side) => numbered(query.get(side) ?? ""));
    if (!a || !b) return location.reload();
    page.stage = query.get("stage") ?? b.stage;
    page.choose(a.id, b.id, false);
  });
  scope.on(find(document, ".making-again"), "click", () => page.source.again());
}

/** @param {ComparePage} page @param {Scope} scope */
export function watchHearing(page, scope) {
  const { player, lanes } = page;
  const press = (/** @type {string} */ selector, /** @type {() => void} */ action) =>
    scope.on(find(document, selector), "click", action);
  press("#play", () => player.toggle());
  press("#switch", () => player.other());
  press("#equal", () => (player.equal = !player.equal));
  press("#only-changed", () => page.toggleChanged());
  press("#clear-range", () => page.mark(null));
  press("#mark-range", () => arm(page));
  press("#zoom-in", () => lanes.zoom(2));
  press("#zoom-out", () => lanes.zoom(0.5));
  press("#show-keys", () => find(document, "#keys-dialog", HTMLDialogElement).showModal());
  scope.on(lanes, "waveform-seek", ({ detail }) => player.seek(detail.at));
  scope.on(lanes, "waveform-range", ({ detail }) => detail.ended && page.mark(detail.range));
  scope.on(window, "online", () => page.live.connection.hurry());
  scope.on(window, "offline", () => page.live.connection.lost());
  scope.on(document, "visibilitychange", () => document.visibilityState === "visible" && page.live.connection.hurry());
}

/** @param {ComparePage} page */
function arm({ lanes, player }) {
  lanes.armed = !lanes.armed;
  player.listener.changed();
}

/** Keys for the whole page; templates/compare/_keys_dialog.html lists them. @param {ComparePage} page @param {Scope} scope */
export function watchKeys(page, scope) {
  scope.on(document, "keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, textarea, select, [contenteditable]")) return;
    // A focused button means itself with the space bar.
    if (event.key === " " && target.closest("button, a, summary, label")) return;
    const action = actionFor(event, page);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** @param {KeyboardEvent} event @param {ComparePage} page @returns {(() => void) | undefined} */
function actionFor({ key, shiftKey }, page) {
  const { player, lanes } = page;
  const step = shiftKey ? 5 : 1;
  /** @type {Record<string, () => void>} */
  const actions = {
    x: () => player.other(),
    " ": () => player.toggle(),
    k: () => player.toggle(),
    ArrowLeft: () => player.seek(player.position - step),
    ArrowRight: () => player.seek(player.position + step),
    e: () => (player.equal = !player.equal),
    d: () => page.toggleChanged(),
    s: () => page.swap(),
    n: () => page.stepFinding(1),
    p: () => page.stepFinding(-1),
    r: () => arm(page),
    "+": () => lanes.zoom(2),
    "=": () => lanes.zoom(2),
    "-": () => lanes.zoom(0.5),
    0: () => lanes.zoom(0),
    Escape: () => (lanes.armed ? arm(page) : page.mark(null)),
    "?": () => find(document, "#keys-dialog", HTMLDialogElement).showModal(),
  };
  return actions[key.length === 1 ? key.toLowerCase() : key];
}

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
  scope.on(lanes, "waveform-seek", ({ detail }) => player.seek(detail.at));
  scope.on(lanes, "waveform-range", ({ detail }) => detail.ended && page.mark(detail.range));
  scope.on(window, "online", () => page.live.connection.hurry());
  scope.on(window, "offline", () => page.live.connection.lost());
  scope.on(document, "visibilitychange", () => document.visibilityState === "visible" && page.live.connection.hurry());
}

/** @param {ComparePage} page */
export function arm({ lanes, player }) {
  lanes.armed = !lanes.armed;
  player.listener.changed();
}

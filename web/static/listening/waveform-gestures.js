import { Scope } from "../kit/scope.js";

const DRAG_STARTS_AT = 4;
const FINGER_WOBBLE = 10;
const LONG_PRESS = 450;

/**
 * What the hand did, in pixels from the left edge of the window.
 * @typedef {{
 *   zoomed(): boolean, armed(): boolean,
 *   hover(x: number | null): void, tap(x: number): void,
 *   drag(from: number, to: number, ended: boolean): void,
 *   zoom(factor: number, x: number): void,
 * }} Hand
 */

/**
 * Turns pointers, wheel and touches on the waveform into taps, drags and zooms. Panning is the scroller's
 * own: it has momentum, a scroll bar and every device's habits.
 * @param {HTMLElement} surface
 * @param {Hand} hand
 * @param {Scope} scope
 */
export function watchGestures(surface, hand, scope) {
  const xOf = (/** @type {{clientX: number}} */ point) => point.clientX - surface.getBoundingClientRect().left;
  watchPointers(surface, hand, scope, xOf);
  watchPinch(surface, hand, scope, xOf);
  scope.on(
    surface,
    "wheel",
    (/** @type {WheelEvent} */ event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      hand.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.15 : 0.01)), xOf(event));
    },
    { passive: false },
  );
}

/** @typedef {{id: number, from: number, to: number, y: number, mode: "still" | "range" | "scrub", timer: number}} Press */

/**
 * @param {HTMLElement} surface @param {Hand} hand @param {Scope} scope
 * @param {(point: {clientX: number}) => number} xOf
 */
function watchPointers(surface, hand, scope, xOf) {
  /** @type {Press | null} */
  let press = null;
  const isTouch = (/** @type {PointerEvent} */ event) => event.pointerType === "touch";

  const begin = (/** @type {PointerEvent} */ event) => {
    if (press || event.button !== 0) return abandon();
    const x = xOf(event);
    press = { id: event.pointerId, from: x, to: x, y: event.clientY, mode: "still", timer: 0 };
    if (hand.armed()) press.mode = "range";
    else if (isTouch(event)) press.timer = window.setTimeout(startRange, LONG_PRESS);
    if (!isTouch(event)) surface.setPointerCapture(event.pointerId);
  };
  const startRange = () => {
    if (!press) return;
    press.mode = "range";
    navigator.vibrate?.(10);
    hand.drag(press.from, press.to, false);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!press) return hand.hover(isTouch(event) ? null : xOf(event));
    if (event.pointerId !== press.id) return;
    press.to = xOf(event);
    const moved = Math.hypot(press.to - press.from, event.clientY - press.y);
    if (press.mode === "still" && moved > (isTouch(event) ? FINGER_WOBBLE : DRAG_STARTS_AT)) {
      clearTimeout(press.timer);
      press.mode = isTouch(event) ? "scrub" : "range";
    }
    if (press.mode === "range") hand.drag(press.from, press.to, false);
    if (press.mode === "scrub") hand.hover(press.to);
  };
  const end = (/** @type {PointerEvent} */ event) => {
    if (!press || event.pointerId !== press.id) return;
    const { mode, from, to } = press;
    abandon();
    if (mode === "range" && Math.abs(to - from) > DRAG_STARTS_AT) hand.drag(from, to, true);
    else if (mode !== "scrub" || !hand.zoomed()) hand.tap(to);
  };
  const abandon = () => {
    clearTimeout(press?.timer);
    press = null;
    hand.hover(null);
  };

  scope.on(surface, "pointerdown", begin);
  scope.on(surface, "pointermove", move);
  scope.on(surface, "pointerup", end);
  // The browser took the finger for panning.
  scope.on(surface, "pointercancel", abandon);
  scope.on(surface, "pointerleave", () => hand.hover(null));
  scope.on(surface, "contextmenu", (event) => press && event.preventDefault());
  scope.on(surface, "touchmove", (event) => press?.mode === "range" && event.cancelable && event.preventDefault(), {
    passive: false,
  });
}

/**
 * Touch events, not pointers: only they can hold the browser back from panning with two fingers.
 * @param {HTMLElement} surface @param {Hand} hand @param {Scope} scope
 * @param {(point: {clientX: number}) => number} xOf
 */
function watchPinch(surface, hand, scope, xOf) {
  let apart = 0;
  const spread = (/** @type {TouchEvent} */ { touches: [one, two] }) =>
    one && two ? Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY) : 0;
  const middle = (/** @type {TouchEvent} */ { touches: [one, two] }) =>
    one && two ? (xOf(one) + xOf(two)) / 2 : 0;

  const begin = (/** @type {TouchEvent} */ event) => {
    apart = event.touches.length === 2 ? spread(event) : 0;
    if (apart) event.preventDefault();
  };
  const move = (/** @type {TouchEvent} */ event) => {
    if (!apart || event.touches.length !== 2) return;
    event.preventDefault();
    const now = spread(event);
    hand.zoom(now / apart, middle(event));
    apart = now;
  };
  scope.on(surface, "touchstart", begin, { passive: false });
  scope.on(surface, "touchmove", move, { passive: false });
  scope.on(surface, "touchend", () => (apart = 0));
}

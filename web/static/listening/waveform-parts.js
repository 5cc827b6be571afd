import { make } from "../kit/elements.js";

/** Everything `<waveform-view>` is made of; styles in styles/waveform.css. */
export function waveformParts() {
  const canvas = () => /** @type {HTMLCanvasElement} */ (make("canvas", { class: "waveform-canvas" }));
  const [unplayed, played] = [canvas(), canvas()];
  const playedClip = make("div", { class: "waveform-played" }, played);
  const stage = make("div", { class: "waveform-stage" }, unplayed, playedClip);
  const space = make("div", { class: "waveform-space" }, stage);
  const scroller = make("div", {
    class: "waveform-scroller", role: "slider", tabindex: "0", "aria-label": "Position in the song",
    "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0",
  }, space);
  const highlight = make("div", { class: "waveform-highlight", hidden: "" });
  const overlay = make("div", { class: "waveform-overlay" }, highlight);
  const others = make("div", { class: "waveform-others", "aria-hidden": "true" });
  const hoverTime = make("span");
  const hover = make("div", { class: "waveform-hover", "aria-hidden": "true", hidden: "" }, hoverTime);
  const message = make("p", { class: "waveform-message" });
  const pane = make("div", { class: "waveform-pane" }, scroller, overlay, others, hover, message);
  const lane = make("div", { class: "waveform-markers", role: "group", "aria-label": "Comments on the waveform" });
  const scale = make("div", { class: "waveform-scale", "aria-hidden": "true" });
  const head = make("div", { class: "waveform-head", "aria-hidden": "true" });
  return {
    unplayed, played, playedClip, stage, space, scroller, highlight, overlay, others, hoverTime, hover, message,
    pane, lane, scale, head,
  };
}

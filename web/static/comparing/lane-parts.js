import { make } from "../kit/elements.js";

/** Everything `<compare-lanes>` is made of, from top to bottom; styles in styles/lanes.css. */
export function laneParts() {
  const canvas = (/** @type {string} */ name) =>
    /** @type {HTMLCanvasElement} */ (make("canvas", { class: `lanes-canvas ${name}`, "aria-hidden": "true" }));
  const [laneA, laneB, ribbonCanvas, pictureCanvas] = ["lane-a", "lane-b", "ribbon-canvas", "picture-canvas"].map(canvas);
  const title = (/** @type {string} */ side) => make("p", { class: `lane-title lane-title-${side}` });
  const [titleA, titleB] = [title("a"), title("b")];
  const ribbonLabels = make("div", { class: "ribbon-labels", "aria-hidden": "true" });
  const ribbon = make("div", { class: "ribbon" });
  const pictureTitle = make("p", { class: "picture-title" });
  pictureTitle.append("B compared with A, at the same loudness — ", make("span", { class: "more-word", text: "more +" }), " / ",
    make("span", { class: "less-word", text: "less −" }));
  const pictureLabels = make("div", { class: "picture-labels", "aria-hidden": "true" });
  const picture = make("div", { class: "picture", role: "img" });
  const space = make("div", { class: "lanes-space" });
  const scroller = make("div", {
    class: "lanes-scroller", role: "slider", tabindex: "0", "aria-label": "Position in the music",
    "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0",
  }, space);
  const overlay = make("div", { class: "lanes-overlay" });
  const hoverTime = make("span");
  const hover = make("div", { class: "waveform-hover", "aria-hidden": "true", hidden: "" }, hoverTime);
  const head = make("div", { class: "lanes-head", "aria-hidden": "true" });
  const message = make("p", { class: "waveform-message" });
  const scale = make("div", { class: "waveform-scale", "aria-hidden": "true" });
  if (!laneA || !laneB || !ribbonCanvas || !pictureCanvas) throw new Error("unreachable");
  ribbon.append(ribbonCanvas, ribbonLabels);
  picture.append(pictureCanvas, pictureLabels);
  const pane = make("div", { class: "lanes-pane" }, titleA, laneA, ribbon, laneB, titleB, pictureTitle, picture, scroller, overlay,
    hover, head, message);
  return {
    titleA, titleB, laneA, laneB, ribbon, ribbonCanvas, ribbonLabels, picture, pictureTitle, pictureCanvas, pictureLabels,
    space, scroller, overlay, hover, hoverTime, head, message, scale, pane,
  };
}

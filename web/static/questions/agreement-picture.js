import { drawn } from "../feedback/reaction-icon.js";
import { area, marks } from "../feedback/reaction-shape.js";
import { clock } from "../kit/clock.js";
import { make } from "../kit/elements.js";
import { loudnessWords, placeWords } from "./words.js";

/**
 * Pictures of what listeners answered: every answer a mark, and where they agree a shape around them. What they show
 * stands beside them in words, so they are silent to screen readers.
 *
 * @typedef {import("../kit/contract.js").Agreement} Agreement
 * @typedef {import("../kit/contract.js").Question} Question
 * @typedef {import("./answers.js").ShownAnswer} ShownAnswer
 */

const WIDE = 600;
const TALL = 48;
const DOT = 0.045;
/** The pad is so much wider than deep; styles/questions.css says so too. */
const WIDER = 1.35;

/** @param {Question} question @param {ShownAnswer[]} answers @param {Agreement | undefined} agreement @param {number} duration @returns {Element | null} */
export function picture(question, answers, agreement, duration) {
  if (question.kind === "pad") return pad(answers, agreement);
  if (question.kind === "slider") return strip(answers, agreement);
  if (question.kind === "moment") return duration ? curve(answers, duration) : null;
  return said(answers);
}

/** @param {ShownAnswer[]} answers @param {Agreement | undefined} agreement */
function pad(answers, agreement) {
  const dots = answers.map((answer) => dot(answer, WIDER * (answer.across ?? 0), 1 - 2 * (answer.away ?? 0), DOT, placeWords(answer.across ?? 0, answer.away ?? 0)));
  const { ellipse = null, agree = null } = agreement ?? {};
  const shape = ellipse && drawn("ellipse", {
    class: agree === null ? "agreement-shape scattered" : "agreement-shape",
    rx: String(Math.max(ellipse.long, 0.12)), ry: String(Math.max(ellipse.short, 0.12)),
    transform: `scale(${WIDER} 1) translate(${ellipse.across} ${1 - 2 * ellipse.away}) rotate(${-ellipse.turned})`,
  });
  const drawing = drawn("svg", { class: "agreement-drawing", viewBox: `${-WIDER} -1 ${2 * WIDER} 2`, "aria-hidden": "true" }, ...(shape ? [shape] : []), ...dots);
  const sides = ["far", "left", "right", "near"].map((side) => make("span", { class: `pad-side pad-${side}`, "aria-hidden": "true", text: side }));
  return make("div", { class: "agreement-pad" }, ...sides, drawing);
}

/** Listeners are dots, the band squares, as on the curve of reactions. @param {ShownAnswer} answer @param {number} x @param {number} y @param {number} size @param {string} says */
function dot({ author }, x, y, size, says) {
  const title = drawn("title", {}, document.createTextNode(`${author.name}: ${says}`));
  const [across, down, twice] = [x - size, y - size, 2 * size].map(String);
  return author.kind === "guest"
    ? drawn("circle", { class: "agreement-dot", cx: String(x), cy: String(y), r: String(size) }, title)
    : drawn("rect", { class: "agreement-dot of-band", x: across ?? "", y: down ?? "", width: twice ?? "", height: twice ?? "" }, title);
}

/** @param {ShownAnswer[]} answers @param {Agreement | undefined} agreement */
function strip(answers, agreement) {
  /** @type {Map<number, number>} */
  const stacked = new Map();
  const dots = answers.map((answer) => {
    const value = answer.loudness ?? 0;
    const column = Math.round(value / 5);
    const height = stacked.get(column) ?? 0;
    stacked.set(column, height + 1);
    return dot(answer, value / 100, -0.09 - 0.09 * height, DOT * 0.9, loudnessWords(value));
  });
  const tall = 0.1 + 0.09 * Math.max(1, ...stacked.values());
  const middle = agreement?.middle ?? null;
  const shapes = [
    drawn("path", { class: "agreement-fine", d: "M-0.2,0 H0.2" }),
    drawn("path", { class: "agreement-axes", d: "M-1,0 H1 M0,-0.03 V0.03" }),
    ...(middle === null ? [] : [drawn("path", { class: "agreement-middle", d: `M${middle / 100},0.01 l0.035,0.06 h-0.07 z` })]),
  ];
  const drawing = drawn("svg", { class: "agreement-drawing", viewBox: `-1.1 ${-tall} 2.2 ${tall + 0.09}`, "aria-hidden": "true" }, ...shapes, ...dots);
  const ends = ["too quiet", "just right", "too loud"].map((text) => make("span", { text }));
  return make("div", { class: "agreement-strip" }, drawing, make("div", { class: "agreement-ends", "aria-hidden": "true" }, ...ends));
}

/** Along the song, as the waveform over it when all of it is seen. @param {ShownAnswer[]} answers @param {number} duration */
function curve(answers, duration) {
  const view = { duration, width: WIDE, scale: WIDE / duration, scroll: 0 };
  const ats = answers.map(({ at }) => at ?? 0).sort((a, b) => a - b);
  const most = Math.max(2, ats.length ? mostTogether(ats) : 0);
  const drawing = drawn("svg", { class: "agreement-drawing", viewBox: `0 0 ${WIDE} ${TALL}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    drawn("path", { class: "curve-listeners", d: area(ats, view, most, TALL - 6, TALL - 10) }),
    drawn("path", { class: "agreement-axes", d: `M0,${TALL - 6} H${WIDE}` }),
    drawn("path", { class: "curve-dots", d: marks(ats, view, TALL - 4, "dot") }));
  const ends = [clock(0), clock(duration)].map((text) => make("span", { text }));
  return make("div", { class: "agreement-curve" }, drawing, make("div", { class: "agreement-ends", "aria-hidden": "true" }, ...ends));
}

/** @param {number[]} ats in order */
function mostTogether(ats) {
  return Math.max(...ats.map((at, index) => ats.slice(index).filter((other) => other - at < 6).length));
}

/** @param {ShownAnswer[]} answers */
function said(answers) {
  const item = (/** @type {ShownAnswer} */ { author, body }) => make("li", {}, make("strong", { text: author.name }), ` ${body ?? ""}`);
  return answers.length ? make("ul", { class: "agreement-words" }, ...answers.map(item)) : null;
}

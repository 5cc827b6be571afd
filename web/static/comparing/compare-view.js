import { clockSpan } from "../kit/clock.js";
import { find, make } from "../kit/elements.js";
import { signed } from "./loudness.js";

/**
 * What the page says outside the lanes. The markup is that of templates/compare/.
 *
 * @typedef {import("./comparison.js").Comparison} Comparison
 * @typedef {import("./comparison.js").SongPage} SongPage
 * @typedef {import("./comparison.js").StageWords} StageWords
 * @typedef {import("./changes-in-time.js").Stretch} Stretch
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("../kit/contract.js").Version} Version
 */

/** The two choices and the strip of stages. @param {Version[]} all by number @param {Record<"a" | "b", Version>} chosen @param {SongPage} page */
export function showPair(all, chosen, { compare_url, review_url }) {
  const usable = all.filter(({ status }) => status !== "failed").reverse();
  for (const side of /** @type {("a" | "b")[]} */ (["a", "b"])) {
    const select = find(document, `#choose-${side}`, HTMLSelectElement);
    const options = usable.map((version) => make("option", { value: String(version.number), text: named(version) }));
    if (select.length !== options.length || select.textContent !== options.map((option) => option.textContent).join("")) {
      select.replaceChildren(...options);
    }
    select.value = String(chosen[side].number);
  }
  showStrip(all, chosen.b, compare_url);
  const review = document.querySelector(".song-pages a");
  review?.setAttribute("href", `${review_url}?v=${chosen.b.number}`);
}

/** @param {Version[]} all @param {Version} b @param {string} url */
function showStrip(all, b, url) {
  for (const stage of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-stage]"))) {
    const here = all.filter((version) => version.stage === stage.dataset.stage);
    stage.classList.toggle("reached", here.length > 0);
    stage.classList.toggle("current", b.stage === stage.dataset.stage);
    const links = here.map((version) => {
      const current = version.id === b.id ? "page" : undefined;
      return make("a", { href: `${url}?b=${version.number}`, "data-b": version.id, "aria-current": current, text: `v${version.number}` });
    });
    const none = make("span", { class: "stage-none", "aria-label": "no version yet", text: "—" });
    const dot = () => make("span", { class: "stage-dot", "aria-hidden": "true", text: " · " });
    const row = links.flatMap((link, place) => (place ? [dot(), link] : [link]));
    find(stage, ".stage-versions").replaceChildren(...(links.length ? row : [none]));
  }
}

/** @param {Version} version */
const named = ({ number, stage, label }) => `v${number} ${stageName(stage)}${label ? ` — ${label}` : ""}`;

/** The server has written the stages' names into the page. @param {string} stage */
export function stageName(stage) {
  return document.querySelector(`[data-stage="${stage}"] .stage-name`)?.textContent ?? stage;
}

/** @param {StageWords[]} stages @param {string} chosen */
export function showLensWords(stages, chosen) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-lens]"))) {
    button.setAttribute("aria-pressed", String(button.dataset.lens === chosen));
  }
  const stage = stages.find(({ key }) => key === chosen);
  find(document, "#findings-title").textContent = `What changed, as ${stage?.as ?? "a song"}`;
  find(document, "#lens-purpose").textContent = stage ? `${stage.name}: ${stage.purpose}` : "";
  find(document, "#questions").replaceChildren(...(stage?.questions ?? []).map((text) => make("li", { text })));
}

/** How the comparison is coming along; null once it is there. @param {{words: string, progress?: number | null, again?: boolean} | null} making */
export function showMaking(making) {
  const block = find(document, "#making");
  block.hidden = making === null;
  find(document, "#findings-hint").textContent = making ? "" : "Tap a line to loop both versions there.";
  if (!making) return;
  const bar = find(block, "progress", HTMLProgressElement);
  bar.hidden = making.progress === undefined;
  if (typeof making.progress === "number") bar.value = making.progress;
  else bar.removeAttribute("value");
  const percent = typeof making.progress === "number" ? ` ${Math.round(100 * making.progress)} %` : "";
  find(block, ".making-words").textContent = making.words + percent;
  find(block, ".making-again").hidden = !making.again;
}

/** What stands over and under the lanes. @param {Comparison} comparison @param {Record<"a" | "b", Version>} versions */
export function titlesOf({ time_map, matched_gain_db }, { a, b }) {
  const facts = [];
  const [first] = time_map.segments;
  if (first) facts.push(`aligned ${Math.round(100 * time_map.confidence)} %`, ...start(first.b_start - first.a_start));
  if (first && Math.abs(matched_gain_db ?? 0) >= 0.05) facts.push(`matched ${signed(matched_gain_db ?? 0)} dB`);
  if (!first) facts.push("nothing in common was found");
  return {
    a: [make("strong", { text: "A" }), ` · v${a.number} ${stageName(a.stage)}`, heard()],
    b: [make("strong", { text: "B" }), ` · v${b.number} ${stageName(b.stage)}, placed along A’s music · ${facts.join(" · ")}`, heard()],
  };
}

const heard = () => make("span", { class: "lane-heard", text: "you hear this" });

/** @param {number} later seconds */
function start(later) {
  if (Math.abs(later) < 0.0005) return [];
  const size = Math.abs(later) < 1 ? `${(1000 * Math.abs(later)).toFixed(1)} ms` : `${Math.abs(later).toFixed(1)} s`;
  return [`B starts ${size} ${later > 0 ? "later" : "earlier"}`];
}

/** By how much the louder side is turned down. @param {{a: number, b: number}} gains @param {Record<"a" | "b", Version>} versions */
export function equalLine(gains, { a, b }) {
  const louder = gains.a < 0 ? { version: a, gain: gains.a } : { version: b, gain: gains.b };
  const small = Math.abs(louder.gain) < 0.05;
  find(document, ".equal-amount").textContent = small ? "both are as loud" : `v${louder.version.number} ${signed(louder.gain)} dB`;
}

/**
 * The ribbon and the picture for who reads rather than looks; each line can be heard.
 * @param {Stretch[]} changes @param {ReturnType<typeof import("./picture.js").inSentences>} sentences
 * @param {{change(change: Stretch): void, stretch(range: Range): void}} hear
 */
export function showWords(changes, sentences, hear) {
  const told = changes.filter(({ words }) => words);
  const lines = told.map((change) => make("li", {}, lineButton(`${change.words}.`, () => hear.change(change))));
  const same = make("li", { text: "Every second of A is in B, in the same order and at the same pace." });
  find(document, "#time-words").replaceChildren(...(lines.length ? lines : [same]));
  const rows = sentences.flatMap(({ row, sentence, stretches }) => {
    const buttons = stretches.map(({ start, end, db }) =>
      lineButton(`${db > 0 ? row.more : row.less} ${clockSpan(start, end)}, ${signed(db)} dB`, () => hear.stretch({ start, end })));
    return [make("dt", { text: row.label }), make("dd", {}, ...(buttons.length ? buttons : [sentence]))];
  });
  find(document, "#picture-words").replaceChildren(...rows);
  find(document, "#in-words").hidden = false;
}

/** @param {string} text @param {() => void} action */
function lineButton(text, action) {
  const button = make("button", { type: "button", class: "line-button", text });
  button.addEventListener("click", action);
  return button;
}

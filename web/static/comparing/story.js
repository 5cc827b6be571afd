import { request } from "../kit/api.js";
import { find, make } from "../kit/elements.js";
import { showHere } from "../live/presence.js";
import { inWords } from "./changes-in-time.js";
import { place } from "./findings-list.js";
import { SongLive } from "./song-live.js";

/**
 * "How it got here": what changed at each step, filled in as the comparisons are made.
 *
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("./comparison.js").Finding} Finding
 * @typedef {{
 *   a: Version, b: Version, status: "preparing" | "ready" | "failed", findings: Finding[],
 *   comparison: import("./comparison.js").ComparisonState | null, tempo: Finding | null,
 * }} Step
 */

/** Several comparisons may be ready at once. */
const TOGETHER = 300;

/** @type {import("./comparison.js").SongPage} */
const page = JSON.parse(find(document, "#page-data").textContent ?? "");
let timer = 0;
const live = new SongLive(page, {
  heard: ({ type, comparison }) => {
    if (comparison && type !== "comparison.progress") again();
  },
  here: (here) => showHere(find(document, "#here"), here, page.you.id),
  status: (lost) => {
    const line = find(document, "#live-state");
    line.hidden = !lost;
    line.textContent = lost ? "Reconnecting…" : "";
  },
  // Another version is another row, which the server draws.
  changed: () => live.versions.map(({ id }) => id).join() !== page.versions.map(({ id }) => id).join() && location.reload(),
});
live.start();
if (page.versions.length > 1) tell();

function again() {
  clearTimeout(timer);
  timer = window.setTimeout(tell, TOGETHER);
}

async function tell() {
  const said = find(document, "#story-said");
  try {
    /** @type {{items: Step[]}} */
    const { items } = await request("GET", `/api/songs/${page.song.id}/story`);
    said.textContent = "";
    for (const step of items) showStep(step);
  } catch (error) {
    said.textContent = error instanceof Error ? error.message : "The story could not be loaded.";
    clearTimeout(timer);
    timer = window.setTimeout(tell, 5000);
  }
}

/** @param {Step} step */
function showStep(step) {
  const row = document.querySelector(`[data-version="${step.b.id}"]`);
  if (!row) return;
  row.querySelector(".story-change")?.remove();
  row.prepend(make("div", { class: "story-change" }, ...change(step)));
}

/** @param {Step} step */
function change({ a, b, status, comparison, findings, tempo }) {
  if (status === "preparing") return [make("p", { class: "soft", text: `Comparing v${a.number} with v${b.number}…` })];
  if (status === "failed") return [make("p", { class: "soft", text: comparison?.error ?? "These two could not be compared." })];
  const told = tempo && !findings.some(({ kind }) => kind === tempo.kind) ? [...findings, tempo] : findings;
  const lines = told.map(({ start, end, plain, detail }) => {
    const where = start === null || end === null ? "" : `${place(start, end)} · `;
    return make("li", {}, make("span", { text: plain }), make("p", { class: "finding-detail", text: where + detail }));
  });
  const link = make("a", { class: "pill story-compare", href: `${page.compare_url}?a=${a.number}&b=${b.number}` });
  link.append(`Hear v${a.number} against v${b.number}`);
  // Without it the lines under v1 would read as if they were about v1.
  const between = make("p", { class: "story-between soft", text: `From v${a.number} to v${b.number}` });
  return [between, make("ul", {}, ...lines, ...longer(a, b)), link];
}

/** @param {Version} a @param {Version} b */
function longer(a, b) {
  const more = (b.duration ?? 0) - (a.duration ?? 0);
  if (!a.duration || !b.duration || Math.abs(more) < 1) return [];
  return [make("li", { text: `It is ${inWords(Math.abs(more))} ${more > 0 ? "longer" : "shorter"}.` })];
}

import { find, make } from "../kit/elements.js";
import { sideBySide } from "../listening/playback.js";
import { addressOf } from "./address.js";

/**
 * What the page says of its versions outside the player, redrawn when one is added, changed or chosen. The
 * markup is that of templates/songs/_stages.html and _player.html.
 *
 * @typedef {import("../kit/contract.js").Version} Version
 */

/** @param {Version[]} versions by number @param {Version} current @param {string} pageUrl */
export function showStages(versions, current, pageUrl) {
  const stages = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-stage]")]);
  const furthest = stages.findLastIndex((stage) => versions.some((each) => each.stage === stage.dataset.stage));
  stages.forEach((stage, place) => {
    const isCurrent = stage.dataset.stage === current.stage;
    stage.classList.toggle("reached", place <= furthest);
    stage.classList.toggle("current", isCurrent);
    if (isCurrent) stage.setAttribute("aria-current", "step");
    else stage.removeAttribute("aria-current");
    const links = versions
      .filter((each) => each.stage === stage.dataset.stage)
      .map((each) => versionLink(each, current, pageUrl, `v${each.number}`));
    find(stage, ".stage-versions").replaceChildren(...between(links));
  });
}

/** @param {HTMLElement[]} links */
function between(links) {
  if (!links.length) return [make("span", { class: "stage-none", "aria-label": "no version yet", text: "—" })];
  const dot = () => make("span", { class: "stage-dot", "aria-hidden": "true", text: " · " });
  return links.flatMap((link, place) => (place ? [dot(), link] : [link]));
}

/** @param {Version} version @param {Version} current @param {string} pageUrl @param {...(string | Node)} inside */
function versionLink(version, current, pageUrl, ...inside) {
  const href = addressOf(pageUrl, { version: version.number });
  const link = make("a", { href, "data-version": version.id }, ...inside);
  if (version.id === current.id) link.setAttribute("aria-current", "page");
  return link;
}

/** @param {Version[]} versions @param {Version} current @param {string} pageUrl */
export function showPills(versions, current, pageUrl) {
  const pills = sideBySide(versions, current).map((version, place) => {
    const label = version.id === current.id && version.label ? ` — “${version.label}”` : "";
    const more = make("span", { class: "pill-more", text: ` ${stageName(version.stage)}${label}` });
    const key = make("kbd", { class: "pill-key", "aria-hidden": "true", text: String(place + 1) });
    const link = versionLink(version, current, pageUrl, key, make("span", {}, `v${version.number}`, more));
    link.classList.add("pill", "version-pill");
    return link;
  });
  const list = find(document, ".version-pills");
  const focused = list.contains(document.activeElement);
  list.replaceChildren(...pills);
  if (focused) find(list, "[aria-current]").focus();
}

/** @param {Version} version */
export function showFacts(version) {
  const label = version.label ? ` — “${version.label}”` : "";
  find(document, ".song-version").textContent = `v${version.number} · ${stageName(version.stage)}${label}`;
  const notes = find(document, ".version-notes");
  notes.textContent = version.notes ?? "";
  notes.hidden = !version.notes;
  find(document, ".player-loudness").textContent = loudnessLine(version);
  const download = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".download-link"));
  if (download) download.href = `/api/versions/${version.id}/audio?as=original&download=1`;
}

/**
 * The two pages that tell what changed: there is something to tell from the second version on.
 * @param {Version[]} versions by number @param {Version} current
 */
export function showSongLinks(versions, current) {
  const before = versions.filter((each) => each.number < current.number).at(-1);
  for (const nav of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".song-links"))) {
    nav.hidden = versions.length < 2;
    const compare = find(nav, ".compare-link", HTMLAnchorElement);
    compare.search = before ? `?a=${before.number}&b=${current.number}` : "";
  }
}

/** "−13.8 LUFS · −1.1 dBTP · 7.2 LU" @param {Version} version */
export function loudnessLine({ loudness }) {
  if (!loudness) return "";
  const { integrated_lufs, true_peak_dbtp, range_lu } = loudness;
  /** @type {[number | null, string][]} */
  const figures = [[integrated_lufs, "LUFS"], [true_peak_dbtp, "dBTP"], [range_lu, "LU"]];
  const said = figures.filter(([value]) => value !== null);
  return said.map(([value, unit]) => `${(value ?? 0).toFixed(1).replace("-", "−")} ${unit}`).join(" · ");
}

/** The server has written the stages' names into the page. @param {string} stage */
function stageName(stage) {
  return document.querySelector(`[data-stage="${stage}"] .stage-name`)?.textContent ?? stage;
}

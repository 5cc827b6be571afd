import { find } from "../kit/elements.js";

/**
 * Fills the part of a comment that tells where it came from, as templates/feedback/_carried.html draws it.
 *
 * @typedef {import("../kit/contract.js").You} You
 * @typedef {import("./comment-store.js").Shown} Shown
 * @typedef {import("./carried.js").Origin} Origin
 * @typedef {{id: string, side: "a" | "b"} | null} Hearing which comment's before and after is looped, and what is heard
 */

const WORDS = { fixed: "fixed", better: "better", "not-yet": "not yet" };
/** From here on waveforms agree, and nobody needs to be told how sure it is. */
const EXACT = 0.985;

/** @param {HTMLElement} article @param {Shown} comment @param {You} you @param {string} pageUrl @param {Hearing} hearing */
export function fillCarried(article, comment, you, pageUrl, hearing) {
  const part = find(article, ".carried");
  const { origin } = comment;
  part.hidden = !origin;
  article.classList.toggle("is-carried", origin !== undefined);
  if (!origin) return;
  fillOrigin(part, comment, origin, pageUrl);
  fillChange(part, origin);
  fillAnswer(part, comment, origin, you);
  fillHearing(part, origin, hearing?.id === comment.id ? hearing.side : null);
}

/** @param {HTMLElement} part @param {Shown} comment @param {Origin} origin @param {string} pageUrl */
function fillOrigin(part, comment, origin, pageUrl) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...part.querySelectorAll(".carried-origin")]);
  for (const link of links) link.href = `${pageUrl}?comment=${comment.id}`;
  find(part, ".carried-line .carried-origin").textContent = `v${origin.number}`;
  find(part, ".carried-place").textContent = howPlaced(origin);
  const replies = find(part, ".carried-replies");
  replies.hidden = origin.replies === 0;
  find(replies, "a").textContent = `${origin.replies} ${origin.replies === 1 ? "reply" : "replies"}`;
}

/** @param {Origin} origin */
function howPlaced({ place, at, confidence }) {
  if (place === "cut") return ": that part was cut";
  if (place === "waiting") return ": looking for the place…";
  if (at === null) return ": its place was not found";
  if (place === "unsure") return ": about here, check the place";
  return `, same place in the music${confidence < EXACT ? `, ${Math.round(100 * confidence)}% sure` : ""}`;
}

/** @param {HTMLElement} part @param {Origin} origin */
function fillChange(part, { changed }) {
  const line = find(part, ".carried-changed");
  line.hidden = !changed;
  line.classList.toggle("has-changed", changed !== null && changed.kind !== "nothing");
  find(line, ".carried-what").textContent = changed?.plain ?? "";
  find(line, ".carried-detail").textContent = changed?.detail ?? "";
}

/** @param {HTMLElement} part @param {Shown} comment @param {Origin} origin @param {You} you */
function fillAnswer(part, comment, origin, you) {
  const word = origin.verdict?.verdict ?? null;
  const line = find(part, ".carried-answer");
  line.hidden = word === null;
  line.replaceChildren(`${comment.author.name} says: `, Object.assign(document.createElement("strong"), { textContent: word ? WORDS[word] : "" }));
  const form = find(part, ".verdict-form", HTMLFormElement);
  form.hidden = comment.author.id !== you.id || !you.may_comment;
  form.action = `/versions/${origin.version}/comments/${comment.id}/verdict`;
  form.setAttribute("aria-label", `Does v${origin.to} answer it?`);
  find(form, ".verdict-ask").textContent = `Does v${origin.to} answer it?`;
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll(".verdict-button"))) {
    const pressed = button.dataset.verdict === word;
    button.setAttribute("aria-pressed", String(pressed));
    button.value = pressed ? "" : (button.dataset.verdict ?? "");
  }
}

/** @param {HTMLElement} part @param {Origin} origin @param {"a" | "b" | null} side the one that is heard */
function fillHearing(part, origin, side) {
  find(part, ".hear-both").hidden = !origin.hear;
  const button = find(part, ".hear-button");
  button.textContent = side ? "Stop" : "Before / after";
  button.setAttribute("aria-pressed", String(side !== null));
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll(".hear-side"))) {
    each.hidden = side === null;
    each.textContent = each.dataset.side === "a" ? `Before, v${origin.number}` : `After, v${origin.to}`;
    each.setAttribute("aria-pressed", String(each.dataset.side === side));
  }
}

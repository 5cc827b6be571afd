import { clockSpan, day } from "../kit/clock.js";
import { find, initial } from "../kit/elements.js";
import { fillCarried } from "./carried-item.js";
import { fillBody, mentions } from "./mentions.js";
import { fillVoice } from "./voice-note.js";

/**
 * Fills the markup of one comment, as templates/feedback/_comment.html draws it. Text goes in as text only.
 *
 * @typedef {import("../kit/contract.js").You} You
 * @typedef {import("./comment-store.js").Shown} Shown
 * @typedef {import("./comment-store.js").Thread} Thread
 */

/** @param {string} template its id @returns {HTMLElement} */
function clone(template) {
  const source = find(document, `#${template}`, HTMLTemplateElement);
  // Imported, not cloned: the elements inside that are our own wake up before they are filled.
  const copy = document.importNode(source.content, true);
  return /** @type {HTMLElement} */ (copy.firstElementChild);
}

export const newCommentRow = () => clone("comment-template");
export const newReplyRow = () => clone("reply-template");

/**
 * @param {HTMLElement} row @param {Thread} thread @param {You} you @param {string} pageUrl
 * @param {import("./carried-item.js").Hearing} hearing
 */
export function fillComment(row, { comment }, you, pageUrl, hearing) {
  const article = find(row, "article");
  const from = comment.origin ? `, from v${comment.origin.number}` : "";
  article.setAttribute("aria-label", `${comment.author.name} at ${clockSpan(comment.at, comment.until)}${from}`);
  const face = find(article, ".avatar");
  face.className = `avatar hue-${comment.author.hue}`;
  face.textContent = initial(comment.author.name);
  find(article, ".comment-author").textContent = comment.author.name;
  const time = find(article, ".comment-time", HTMLAnchorElement);
  const here = comment.origin && comment.origin.at !== null;
  time.textContent = clockSpan(comment.at, comment.until) + (comment.origin && !here ? ` in v${comment.origin.number}` : "");
  time.href = here ? `${pageUrl}?v=${comment.origin?.to}&t=${comment.at}` : `${pageUrl}?t=${comment.at}&comment=${comment.id}`;
  fillDone(article, comment, you);
  fillCarried(article, comment, you, pageUrl, hearing);
  fillCommon(article, find(article, ".comment-actions > .comment-own"), comment, you);
}

/** @param {HTMLElement} row @param {Shown} reply @param {You} you */
export function fillReply(row, reply, you) {
  find(row, ".reply-author").textContent = reply.author.name;
  fillCommon(row, find(row, ".comment-own"), reply, you);
}

/** @param {HTMLElement} item @param {HTMLElement} own what only its author may press @param {Shown} comment @param {You} you */
function fillCommon(item, own, comment, you) {
  item.id = `comment-${comment.id}`;
  item.dataset.id = comment.id;
  fillBody(find(item, ".comment-body"), comment, you.id);
  find(item, ".mention-mark").hidden = !mentions(comment, you.id);
  item.classList.toggle("mentions-you", mentions(comment, you.id));
  fillVoice(item, comment);
  const date = find(item, ".comment-date", HTMLTimeElement);
  date.dateTime = comment.created_at;
  date.textContent = day(comment.created_at);
  find(item, ".comment-edited").hidden = !comment.edited_at;
  own.hidden = comment.author.id !== you.id || !you.may_comment;
  item.classList.toggle("pending", comment.pending === true);
  item.classList.toggle("refused", comment.refusal !== undefined);
  fillState(find(item, ".comment-state"), comment);
}

/** @param {HTMLElement} article @param {Shown} comment @param {You} you */
function fillDone(article, comment, you) {
  const note = find(article, ".comment-done");
  note.hidden = !comment.done;
  note.textContent = comment.done ? `Done by ${comment.done.by}, ${day(comment.done.at)}` : "";
  const settle = /** @type {HTMLElement | null} */ (article.querySelector(".comment-settle"));
  if (!settle) return;
  settle.hidden = !you.member && comment.author.id !== you.id;
  find(settle, "button").textContent = comment.done ? "Reopen" : "Done";
}

/** Not sent yet, or not taken: said at the comment itself. @param {HTMLElement} line @param {Shown} comment */
function fillState(line, comment) {
  const text = comment.refusal ?? (comment.pending ? "Not sent yet…" : "");
  line.hidden = !text;
  if (line.dataset.says === text) return;
  line.dataset.says = text;
  line.replaceChildren(text);
  if (comment.refusal === undefined) return;
  line.append(" ", stateButton("Try again", "retry"), " ", stateButton("Change it", "rewrite"), " ", stateButton("Discard", "discard"));
}

/** @param {string} text @param {string} does */
function stateButton(text, does) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "comment-action";
  button.dataset.does = does;
  button.textContent = text;
  return button;
}

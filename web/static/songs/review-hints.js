import { request } from "../kit/api.js";
import { make } from "../kit/elements.js";

/**
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {{comment: string, word: string, question: string, fact: string}} Hint
 */

/** Several comments in a row are asked about once. */
const SETTLES_WITHIN = 800;

/**
 * Under a comment with a plain word ("muddy"), what that could mean in the mix at that place: a question to the band,
 * from what is measured there. Guests are not shown it, and their pages do not ask.
 */
export class ReviewHints {
  /** @type {Map<string, Hint>} by comment */
  #hints = new Map();
  #of = "";
  #timer = 0;

  /** @param {ReviewPage} page */
  constructor(page) {
    this.page = page;
  }

  /** After the comments are drawn. */
  draw() {
    if (!this.page.feed.you.member) return;
    if (this.#of !== this.page.versionId) this.#startAfresh();
    for (const article of /** @type {NodeListOf<HTMLElement>} */ (this.page.panel.querySelectorAll("article.comment"))) {
      this.#drawUnder(article);
    }
    for (const reply of /** @type {NodeListOf<HTMLElement>} */ (this.page.panel.querySelectorAll("li.reply"))) {
      this.#drawUnder(reply);
    }
  }

  /** @param {LiveEvent} event */
  heard({ type, comment, version }) {
    const here = comment?.version === this.page.versionId || (version?.id === this.page.versionId && type === "version.ready");
    if (here && this.page.feed.you.member) this.#askSoon();
  }

  #startAfresh() {
    this.#of = this.page.versionId;
    this.#hints = new Map();
    this.#ask();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), SETTLES_WITHIN);
  }

  async #ask() {
    const of = this.#of;
    // A hint that cannot be had now is not missed: it comes with the next comment or page.
    const answer = await request("GET", `/api/versions/${of}/hints`).catch(() => null);
    if (!answer || of !== this.#of) return;
    this.#hints = new Map(answer.items.map((/** @type {Hint} */ hint) => [hint.comment, hint]));
    this.page.press.afterwards(this);
  }

  /** @param {HTMLElement} item */
  #drawUnder(item) {
    const hint = this.#hints.get(item.dataset.id ?? "");
    const line = /** @type {HTMLElement | null} */ (item.querySelector(`[data-hint-of="${item.dataset.id}"]`));
    const says = hint ? `${hint.question} ${hint.fact}` : "";
    if ((line?.dataset.says ?? "") === says) return;
    line?.remove();
    if (!hint) return;
    const body = item.querySelector(".reply-line, .comment-body");
    const word = make("q", { class: "comment-hint-word", text: hint.word });
    const who = make("span", { class: "comment-hint-who", text: "Only the band sees this." });
    const made = make("p", { class: "comment-hint", "data-hint-of": item.dataset.id }, word, ` ${says} `, who);
    made.dataset.says = says;
    body?.after(made);
  }
}

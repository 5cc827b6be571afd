import { browserStore } from "../feedback/outbox.js";
import { request } from "../kit/api.js";
import { clock } from "../kit/clock.js";
import { find } from "../kit/elements.js";
import { showToast } from "../kit/toast.js";
import { HeardParts } from "../listening/heard-parts.js";

/**
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../kit/contract.js").FirstListen} FirstListen
 */

const REPORT_EVERY = 5000;
/** As many as one report may hold. */
const MOST_PARTS = 200;

/**
 * The first listen in peace: where the band wants it, what others said shows once this listener has heard the song.
 * The server counts; this tells it what was heard, and the listener how much is left.
 */
export class ReviewFirstListen {
  line = find(document, ".first-listen");
  #store = browserStore();
  #heard = new HeardParts();
  #of = "";
  /** What the server said last, and how much was heard here when it did. @type {{left: number | null, heard: number} | null} */
  #known = null;
  #reported = 0;
  #reporting = false;
  /** The server has counted all of it. */
  #complete = false;

  /** @param {ReviewPage} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {import("../kit/scope.js").Scope} scope */
  watch(scope) {
    const { player } = this.page;
    scope.on(player, "player-time", () => this.#note());
    scope.on(player, "player-state", () => this.#note());
    scope.every(REPORT_EVERY, () => void this.#report());
    scope.on(document, "visibilitychange", () => void this.#report());
  }

  draw() {
    if (this.#of !== this.page.versionId) this.#startAfresh();
    const left = this.#left;
    this.line.hidden = !this.#waits;
    const togo = left === null ? "" : `; ${clock(Math.ceil(left))} to go`;
    const says = `What others said shows after you have heard it once${togo}.`;
    if (this.line.textContent !== says) this.line.textContent = says;
  }

  get #waits() {
    return this.page.feed.state.waits.includes(this.page.versionId);
  }

  get #left() {
    if (!this.#known || this.#known.left === null) return null;
    return Math.max(0, this.#known.left - (this.#heard.seconds - this.#known.heard));
  }

  get #name() {
    return `earmark.heard.${this.#of}.${this.page.feed.you.id}`;
  }

  #startAfresh() {
    this.#of = this.page.versionId;
    this.#heard = new HeardParts(this.#waits ? this.#kept() : []);
    this.#known = null;
    this.#reported = -1;
    this.#complete = false;
    if (this.#waits) void this.#report();
  }

  #note() {
    const { player, feed } = this.page;
    if (feed.you.member || this.#of !== this.page.versionId) return;
    this.#heard.note(player.time, player.playing, performance.now());
    if (!this.#waits) return;
    this.draw();
    if (this.#left === 0) void this.#report();
  }

  /** Kept in the browser first, so that nobody has to listen again after a tunnel or a reload. */
  async #report() {
    const [of, heard] = [this.#of, this.#heard.seconds];
    if (!this.#waits || this.#complete || this.#reporting || heard === this.#reported) return;
    this.#reporting = true;
    this.#store.setItem(this.#name, JSON.stringify(this.#heard.parts));
    const parts = this.#heard.parts.map((part) => part.map((second) => Math.round(second * 1000) / 1000));
    const longest = parts.sort(([a = 0, b = 0], [c = 0, d = 0]) => d - c - (b - a)).slice(0, MOST_PARTS);
    /** @type {FirstListen | null} */
    const answer = await request("POST", `/api/versions/${of}/heard`, { parts: longest }).catch(() => null);
    this.#reporting = false;
    if (!answer || of !== this.#of) return;
    this.#reported = heard;
    this.#known = { left: answer.left, heard };
    if (answer.waits) return this.draw();
    this.#complete = true;
    this.#store.removeItem(this.#name);
    await this.page.feed.resync();
    showToast("You have heard it once. Here is what others said.");
  }

  /** @returns {[number, number][]} */
  #kept() {
    try {
      return JSON.parse(this.#store.getItem(this.#name) ?? "[]");
    } catch {
      return [];
    }
  }
}

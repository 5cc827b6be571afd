import { countByVersion, heard, seen, takenOver, unreadIn, unreadOf, unseen } from "../feedback/unread.js";
import { ApiError, request } from "../kit/api.js";
import { find, make } from "../kit/elements.js";
import { showToast } from "../kit/toast.js";

/**
 * What is new to this listener on the review page: marks at comments, counts at versions; and what was on the screen
 * long enough to be read, told to the server.
 *
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Seen} Seen
 * @typedef {import("../feedback/unread.js").Item} Item
 */

/** So long on the screen is read. */
const DWELL = 1000;
const ENOUGH_OF_IT = 0.6;
/** Of a long one, as many pixels as a screen has at least. */
const ENOUGH_PIXELS = 160;
const TOLD_AFTER = 800;
/** The more listen, the longer each waits, so that a thousand readers do not all tell at once. */
const LONGER_PER_LISTENER = 30;
const MOST_AT_ONCE = 500;

export class ReviewUnread {
  /** @type {IntersectionObserver | null} */
  #observer = null;
  /** @type {Map<Element, Item>} */
  #watched = new Map();
  /** @type {Map<Element, number>} */
  #timers = new Map();
  /** @type {Set<number>} to be taken back on the server */
  #takenBack = new Set();
  /** Marked as unread again while they are on the screen: not read until they come back to it. @type {Set<number>} */
  #held = new Set();
  #tellTimer = 0;
  #telling = false;

  /** @param {ReviewPage} page @param {Seen} seen */
  constructor(page, seen) {
    this.page = page;
    this.state = unreadOf(seen);
  }

  /** @param {import("../kit/scope.js").Scope} scope */
  watch(scope) {
    const observer = new IntersectionObserver((entries) => this.#moved(entries), { threshold: [0, 0.25, ENOUGH_OF_IT, 1] });
    this.#observer = observer;
    scope.observe(observer);
    scope.on(document, "visibilitychange", () => this.#lookedAt(document.visibilityState === "visible"));
    scope.on(window, "pagehide", () => this.#tellOnLeaving());
    const bar = find(document, ".unread-bar");
    scope.on(find(bar, ".next-new"), "click", () => this.next());
    scope.on(find(bar, ".mark-read"), "click", () => this.markAll());
    this.draw();
  }

  /** Those of versions that are there, oldest first. */
  get items() {
    const there = new Set(this.page.feed.versions.map(({ id }) => id));
    return unreadIn(this.state).filter(({ version }) => there.has(version));
  }

  /** @param {LiveEvent} event */
  heard(event) {
    const { you } = this.page.feed;
    const before = this.state;
    this.state = heard(before, event, you.id);
    if (this.state.items !== before.items || this.state.gone !== before.gone) this.page.press.afterwards(this);
  }

  /** The server says what is unread: an answer, or word from another of this listener's devices. @param {Seen} list */
  take(list) {
    this.state = takenOver(this.state, list);
    this.page.press.afterwards(this);
  }

  /** The connection is open again: what could not be told is told, and what happened elsewhere asked for. */
  async opened() {
    await this.#tell();
    const list = await request("GET", `/api/songs/${this.page.page.song.id}/seen`).catch(() => null);
    if (list) this.take(list);
  }

  draw() {
    if (!this.#observer) return;
    const { items } = this;
    this.#drawMarks(new Map(items.map((item) => [item.comment, item])));
    drawCounts(countByVersion(items));
    const bar = find(document, ".unread-bar");
    bar.hidden = items.length === 0;
    const mentioned = items.filter(({ mention }) => mention).length;
    const said = mentioned ? `, ${mentioned} for you` : "";
    const text = `${items.length} new${said}`;
    const button = find(bar, ".next-new");
    if (button.textContent !== text) button.textContent = text;
  }

  /** Leads to the next one that is new, whatever version or list it is in. */
  next() {
    const { items, page } = this;
    const here = items.filter(({ comment, version }) => version === page.versionId || document.getElementById(`comment-${comment}`));
    const item = here[0] ?? items[0];
    if (item) void page.openAnywhere(item.comment, item.version);
  }

  markAll() {
    const numbers = this.items.map(({ seq }) => seq);
    if (!numbers.length) return;
    this.#read(numbers);
    void this.#tell();
    const what = numbers.length === 1 ? "One comment" : `${numbers.length} comments`;
    showToast(`${what} marked as read.`, { action: "Undo", onAction: () => this.#takeBack(numbers) });
  }

  /** @param {Map<string, Item>} unread by comment */
  #drawMarks(unread) {
    const watched = new Map();
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.page.panel.querySelectorAll("[data-id]"))) {
      const item = unread.get(row.dataset.id ?? "");
      row.classList.toggle("unread", item !== undefined);
      find(row, ".new-mark").hidden = item === undefined;
      if (item) watched.set(find(row, ".comment-body"), item);
    }
    for (const element of this.#watched.keys()) if (!watched.has(element)) this.#forget(element);
    for (const element of watched.keys()) if (!this.#watched.has(element)) this.#observer?.observe(element);
    this.#watched = watched;
  }

  /** @param {Element} element */
  #forget(element) {
    this.#observer?.unobserve(element);
    clearTimeout(this.#timers.get(element));
    this.#timers.delete(element);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
      const enough = isIntersecting && (intersectionRatio >= ENOUGH_OF_IT || intersectionRect.height >= ENOUGH_PIXELS);
      const number = this.#watched.get(target)?.seq ?? 0;
      if (!enough || document.visibilityState !== "visible") {
        clearTimeout(this.#timers.get(target));
        this.#timers.delete(target);
        this.#held.delete(number);
      } else if (!this.#timers.has(target) && !this.#held.has(number)) {
        this.#timers.set(target, window.setTimeout(() => this.#wasRead(target), DWELL));
      }
    }
  }

  /** @param {Element} element */
  #wasRead(element) {
    this.#timers.delete(element);
    const item = this.#watched.get(element);
    if (!item) return;
    this.#read([item.seq]);
    const wait = TOLD_AFTER + Math.random() * LONGER_PER_LISTENER * this.page.feed.count;
    this.#tellTimer ||= window.setTimeout(() => void this.#tell(), wait);
  }

  /** @param {number[]} numbers */
  #read(numbers) {
    this.state = seen(this.state, numbers);
    for (const number of numbers) this.#takenBack.delete(number);
    this.draw();
  }

  /** @param {number[]} numbers */
  #takeBack(numbers) {
    this.state = unseen(this.state, numbers);
    for (const number of numbers) {
      this.#takenBack.add(number);
      this.#held.add(number);
    }
    this.draw();
    void this.#tell();
  }

  /** @param {boolean} visible */
  #lookedAt(visible) {
    if (!visible) return this.#tellOnLeaving();
    this.#held.clear();
    for (const element of this.#watched.keys()) {
      this.#observer?.unobserve(element);
      this.#observer?.observe(element);
    }
    void this.opened();
  }

  /** In turn, so that an undo does not overtake what it undoes. */
  async #tell() {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = 0;
    if (this.#telling) return;
    this.#telling = true;
    try {
      while (this.#takenBack.size || this.state.read.size) {
        const back = [...this.#takenBack].slice(0, MOST_AT_ONCE);
        const numbers = back.length ? back : [...this.state.read].slice(0, MOST_AT_ONCE);
        const list = await request("POST", this.#address(back.length ? "unseen" : "seen"), { numbers });
        for (const number of back) this.#takenBack.delete(number);
        this.take(list);
        if (!back.length && numbers.every((number) => this.state.read.has(number))) break;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Told once the connection is there again; until then it stays as the listener sees it.
    } finally {
      this.#telling = false;
    }
  }

  #tellOnLeaving() {
    const numbers = [...this.state.read].slice(0, MOST_AT_ONCE);
    if (!numbers.length) return;
    const headers = { "content-type": "application/json" };
    fetch(this.#address("seen"), { method: "POST", headers, body: JSON.stringify({ numbers }), keepalive: true }).catch(() => {});
  }

  /** @param {"seen" | "unseen"} what */
  #address(what) {
    return `/api/songs/${this.page.page.song.id}/${what}`;
  }
}

/** At every link to a version. @param {Map<string, number>} counts */
function drawCounts(counts) {
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("a[data-version]"))) {
    const count = counts.get(link.dataset.version ?? "") ?? 0;
    const there = link.querySelector(".new-count");
    if (there?.getAttribute("data-count") === String(count)) continue;
    there?.remove();
    if (!count) continue;
    const words = make("span", { class: "visually-hidden", text: " new" });
    link.append(make("span", { class: "new-count", "data-count": String(count) }, String(count), words));
  }
}

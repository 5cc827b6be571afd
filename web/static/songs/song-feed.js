import { carriedThreads } from "../feedback/carried.js";
import {
  applyAnswer, applyEvent, applyVerdict, leavesGap, replaceCarried, replaceComments, stateOf, visibleVersions,
} from "../feedback/comment-store.js";
import { Outbox, browserStore } from "../feedback/outbox.js";
import { withPending } from "../feedback/pending.js";
import { reactionAnswered, reactionsIn, replaceReactions } from "../feedback/reactions.js";
import { ApiError, request } from "../kit/api.js";
import { LiveConnection } from "../live/connection.js";
import { answerTold, answersIn, questionsOf, replaceAnswers } from "../questions/answers.js";
import { freshPage } from "./fresh-page.js";

/**
 * @typedef {import("../kit/contract.js").PageData} PageData
 * @typedef {import("../kit/contract.js").Comment} Comment
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Here} Here
 * @typedef {import("../live/connection.js").Status} Status
 * @typedef {import("../feedback/outbox.js").Entry} Entry
 * @typedef {{
 *   changed(): void, heard(event: LiveEvent): void, here(here: Here[]): void, status(status: Status): void,
 *   refused(sentence: string, entry: Entry): void, ended(code: number): void, opened(): void,
 *   seen(seen: import("../kit/contract.js").Seen): void,
 * }} FeedListener
 */

/** All that the page knows of its song, kept true by the live connection, with the unsent laid over it. */
export class SongFeed {
  /** @type {Here[]} */
  here = [];
  /** How many are here, named or not. */
  count = 0;
  #resyncing = false;
  #carriedTo = "";
  /** Taps that the server found to be the same as one that was there, until the page is left. @type {Set<string>} */
  #merged = new Set();

  /** @param {PageData} page @param {FeedListener} listener */
  constructor(page, listener) {
    this.page = page;
    this.you = page.you;
    this.listener = listener;
    this.state = stateOf(page);
    this.outbox = new Outbox(browserStore(), `earmark.outbox.${page.song.id}.${page.you.id}`, (entry) => this.#send(entry));
    this.outbox.onChange = () => listener.changed();
    this.outbox.onSent = (entry, sent) => this.#sent(entry, sent);
    this.outbox.onRefused = (entry, sentence) => listener.refused(sentence, entry);
    this.connection = new LiveConnection(() => this.#address(), this.#liveListener());
  }

  start() {
    this.connection.connect();
    this.outbox.flush();
  }

  /** The network is back or the page is looked at again. */
  hurry() {
    this.connection.hurry();
    this.outbox.flush();
  }

  /** As the listener should see them. */
  get comments() {
    return withPending(this.state.comments.values(), this.outbox.entries, this.you, this.page.song.id);
  }

  /** What came to a version from earlier ones, each a thread of its own. @param {string} version */
  carriedTo(version) {
    return carriedThreads(this.state, this.comments, this.outbox.entries, this.you, version);
  }

  /** Those of a version as the listener should see them. @param {string} version */
  reactions(version) {
    return reactionsIn(this.state.reactions.values(), this.outbox.entries, this.you, this.page.song.id, version);
  }

  /** What the band asks about a version. @param {string} version */
  questions(version) {
    return questionsOf(this.state, version);
  }

  /** To all of them, as the listener should see them. @param {string} version */
  answers(version) {
    return answersIn(this.state.answers.values(), this.outbox.entries, this.you, this.page.song.id, version);
  }

  get versions() {
    return visibleVersions(this.state);
  }

  /** @param {string} id */
  comment(id) {
    return this.comments.find((comment) => comment.id === id);
  }

  /** Changes what is on screen now and on the server as soon as it can be reached. @param {Entry} entry */
  change(entry) {
    return this.outbox.add(entry);
  }

  /** @param {string} version */
  async loadComments(version) {
    const asOf = this.state.seq;
    const wanted = ["comments", "reactions", "questions", "answers"];
    const lists = wanted.map((what) => listed(`/api/versions/${version}/${what}`));
    const [comments = [], reactions = [], questions = [], answers = []] = await Promise.all(lists);
    this.state = replaceComments(this.state, version, comments, asOf);
    this.state = replaceReactions(this.state, version, reactions, asOf);
    this.state = replaceAnswers(this.state, version, questions, answers, asOf);
    this.listener.changed();
  }

  /** @param {string} version */
  async loadCarried(version) {
    const asOf = this.state.seq;
    this.#carriedTo = version;
    const { items } = await request("GET", `/api/versions/${version}/carried`);
    // Another version was chosen while this answer was on its way.
    if (this.#carriedTo !== version) return;
    this.state = replaceCarried(this.state, items, asOf);
    this.listener.changed();
  }

  /**
   * Takes the page's state afresh from the server, after too much was missed to catch up. What is on
   * screen, playing or half written stays.
   */
  async resync() {
    if (this.#resyncing) return;
    this.#resyncing = true;
    try {
      /** @type {PageData} */
      const page = await freshPage(location.href);
      this.state = stateOf(page);
      this.you = page.you;
      this.connection.restart();
      this.listener.changed();
    } catch (error) {
      if (error instanceof ApiError && !error.passing) location.reload();
      else setTimeout(() => this.resync(), 5000);
    } finally {
      this.#resyncing = false;
    }
  }

  #address() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return `${scheme}://${location.host}/api/songs/${this.page.song.id}/live?since=${this.state.seq}`;
  }

  /** @returns {import("../live/connection.js").LiveListener} */
  #liveListener() {
    return {
      status: (status) => this.listener.status(status),
      hello: (you, waits = [...this.state.waits]) => {
        this.you = you;
        // They have heard the song in another window, or the band changed its mind while this one was cut off.
        if (waits.join() !== this.state.waits.join()) void this.resync();
        this.listener.opened();
        this.outbox.flush();
      },
      here: (here, count) => {
        this.here = here;
        this.count = count;
        this.listener.here(here);
      },
      event: (event) => this.#heard(event),
      seen: (seen) => this.listener.seen(seen),
      resync: () => this.resync(),
      ended: (code) => this.listener.ended(code),
    };
  }

  /** @param {LiveEvent} event */
  #heard(event) {
    if (this.#resyncing) return;
    if (leavesGap(this.state, event)) return void this.resync();
    const next = applyEvent(this.state, event);
    if (next === this.state) return;
    this.state = next;
    this.listener.changed();
    this.listener.heard(event);
  }

  /** @param {Entry} entry */
  async #send({ kind, method, path, body, reaction }) {
    const asOf = this.state.seq;
    // The one that it was merged into was there before: taking back the second tap leaves the first.
    if (kind === "take-back" && this.#merged.has(reaction ?? "")) return { answer: null, asOf };
    return { answer: await request(method, path, body), asOf };
  }

  /** @param {Entry} entry @param {{answer: any, asOf: number}} sent what it answered, and how much was known then */
  #sent(entry, { answer, asOf }) {
    if (entry.kind === "verdict") {
      this.state = applyVerdict(this.state, entry.comment, entry.version, answer, asOf);
      return;
    }
    if (entry.answer) return void (this.state = answerTold(this.state, entry.answer, answer, asOf));
    if (entry.reaction) return this.#tapSent(entry.reaction, answer, asOf);
    const known = this.state.comments.get(entry.comment);
    const now = answer ?? (known && entry.kind === "remove" ? { ...known, removed: true } : undefined);
    if (now) this.state = applyAnswer(this.state, now, asOf);
  }

  /** @param {string} id @param {import("../kit/contract.js").Reaction | null} answer @param {number} asOf */
  #tapSent(id, answer, asOf) {
    const known = this.state.reactions.get(id);
    const now = answer ?? (known && { ...known, removed: true });
    if (now) this.state = reactionAnswered(this.state, now, asOf);
    if (answer && answer.id !== id) this.#merged.add(id);
  }
}

/** All of a list, page by page. @param {string} path @returns {Promise<any[]>} */
async function listed(path) {
  const items = [];
  for (let after = ""; ; ) {
    const answer = await request("GET", after ? `${path}?after=${encodeURIComponent(after)}` : path);
    items.push(...answer.items);
    after = answer.next ?? "";
    if (!after) return items;
  }
}

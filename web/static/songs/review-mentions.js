import { MentionList } from "../feedback/mention-list.js";
import { calledIn, mentions } from "../feedback/mentions.js";
import { request } from "../kit/api.js";
import { clock } from "../kit/clock.js";
import { showToast } from "../kit/toast.js";

/**
 * Mentions on the review page: whom the list at an @ offers, and word of it to whoever is mentioned.
 *
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Mention} Mention
 * @typedef {import("../kit/contract.js").Person} Person
 */

/** People come and go; the list is asked for anew when it is opened after so long. */
const FRESH_FOR = 20_000;

export class ReviewMentions {
  /** @type {Person[]} by pick, the latest last */
  #picked = [];
  /** @type {Person[]} */
  #listed = [];
  #listedFor = "";
  #listedAt = -FRESH_FOR;
  /** @type {MentionList | null} */
  #list = null;

  /** @param {ReviewPage} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {import("../kit/scope.js").Scope} scope */
  watch(scope) {
    if (!this.page.feed.you.may_comment) return;
    const { panel } = this.page;
    const opened = () => void this.#load();
    this.#list = new MentionList(panel, { people: () => this.people, picked: (one) => this.#picked.push(one), opened }, scope);
    // Asked for before the first @, so that the names are there without a network too.
    scope.on(panel, "focusin", ({ target }) => target instanceof HTMLTextAreaElement && this.#load());
  }

  /** Those whom one may mention here: as the server says, and whoever listens to this version right now. */
  get people() {
    const { feed, versionId } = this.page;
    const here = feed.here.filter(({ version }) => version === versionId);
    const listed = this.#listedFor === versionId ? this.#listed : [];
    const authors = feed.comments.filter(({ version }) => version === versionId).map(({ author }) => author);
    const byId = new Map([...authors, ...here, ...listed].map((one) => [one.id, one]));
    byId.delete(feed.you.id);
    return [...listed.filter(({ id }) => byId.has(id)), ...[...byId.values()].filter(({ id }) => !listed.some((one) => one.id === id))];
  }

  /** @param {string} words @param {Mention[]} [before] whom they called by name so far @returns {Person[]} */
  calledIn(words, before = []) {
    const known = before.map(({ id, kind, name }) => ({ id, kind, name, hue: 0 }));
    return calledIn(words, [...this.people, ...known], [...known, ...this.#picked]);
  }

  /** @param {LiveEvent} event */
  heard({ type, comment, seq }) {
    const me = this.page.feed.you.id;
    if (!comment || comment.removed || comment.author.id === me || !mentions(comment, me)) return;
    const isNew = type === "comment.added" || comment.mentions?.some((each) => each.id === me && each.seq === seq);
    if (!isNew) return;
    const number = this.page.feed.state.versions.get(comment.version)?.number;
    const show = () => void this.page.openAnywhere(comment.id, comment.version);
    showToast(`${comment.author.name} mentioned you in v${number} at ${clock(comment.at)}.`, { action: "Show", onAction: show });
  }

  async #load() {
    const { versionId } = this.page;
    const moment = performance.now();
    if (this.#listedFor === versionId && moment - this.#listedAt < FRESH_FOR) return;
    this.#listedAt = moment;
    if (this.#listedFor !== versionId) this.#listed = [];
    this.#listedFor = versionId;
    try {
      const { items } = await request("GET", `/api/versions/${versionId}/people`);
      if (this.#listedFor !== versionId) return;
      this.#listed = items;
      this.#list?.refresh();
    } catch {
      // Without a network those known already are offered; it is asked again when there is one.
      this.#listedAt = -FRESH_FOR;
    }
  }
}

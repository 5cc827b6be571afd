import { BeforeAfter } from "../feedback/before-after.js";
import { hasPlace, movesCarried } from "../feedback/carried.js";
import { counts, filtered, threadsOf } from "../feedback/comment-store.js";
import { CommentComposer } from "../feedback/comment-composer.js";
import { CommentPanel } from "../feedback/comment-panel.js";
import { clock } from "../kit/clock.js";
import { find } from "../kit/elements.js";
import { Press } from "../kit/press.js";
import { showToast } from "../kit/toast.js";
import { cuesUnder, entered, neighbour } from "../listening/cues.js";
import { sideBySide } from "../listening/playback.js";
import { SongPlayer } from "../listening/song-player.js";
import { othersIn, showHere, typingLine } from "../live/presence.js";
import { Whereabouts } from "../live/whereabouts.js";
import { addressOf, placeIn } from "./address.js";
import { ReviewFirstListen } from "./review-first-listen.js";
import { ReviewHints } from "./review-hints.js";
import { ReviewQuestions } from "./review-questions.js";
import { ReviewMentions } from "./review-mentions.js";
import { ReviewReactions } from "./review-reactions.js";
import { ReviewUnread } from "./review-unread.js";
import { SongFeed } from "./song-feed.js";
import { showFacts, showPills, showSongLinks, showStages } from "./version-view.js";

/**
 * @typedef {import("../kit/contract.js").PageData} PageData
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Comment} Comment
 * @typedef {import("../feedback/comment-store.js").Filter} Filter
 */

/** A drop shorter than this is nobody's business. */
const QUIET_DROP = 1500;
/** Events come in bunches; what they move is asked for once. */
const SETTLE = 200;

/** The review page: takes what the feed knows to the elements. What the listener does is in review-actions.js. */
export class ReviewPage {
  player = find(document, "song-player", SongPlayer);
  panel = find(document, "comment-panel", CommentPanel);
  composer = /** @type {CommentComposer | null} */ (document.querySelector("comment-composer"));
  press = new Press();
  reactions = new ReviewReactions(this);
  hints = new ReviewHints(this);
  questions = new ReviewQuestions(this);
  firstListen = new ReviewFirstListen(this);
  mentions = new ReviewMentions(this);
  /** @type {Filter} */
  filter = "open";
  /** @type {Comment[]} on show, in the order of the music */
  #cues = [];
  /** @type {string[]} */
  #lit = [];
  #statusTimer = 0;
  /** The version whose comments could not be fetched yet. */
  #unloaded = "";
  #carriedTimer = 0;

  /** @param {PageData} page */
  constructor(page) {
    this.page = page;
    this.versionId = page.version ?? "";
    this.unread = new ReviewUnread(this, page.seen);
    this.feed = new SongFeed(page, {
      changed: () => this.press.afterwards(this),
      heard: (event) => {
        for (const part of [this.reactions, this.hints, this.questions, this.unread, this.mentions]) part.heard(event);
        this.#heard(event);
      },
      seen: (seen) => this.unread.take(seen),
      here: () => this.#showPeople(),
      status: (status) => this.#showStatus(status),
      refused: (sentence, entry) => (showToast(sentence), this.questions.refused(entry)),
      ended: (code) => this.#ended(code),
      opened: () => this.#opened(),
    });
    this.beforeAfter = new BeforeAfter({ changed: () => this.drawComments(), refused: (sentence) => showToast(sentence) });
    this.whereabouts = new Whereabouts((message) => this.feed.connection.say(message));
  }

  start() {
    const place = placeIn(location.search);
    this.filter = asFilter(place.show);
    this.player.load(this.version ?? null);
    if (this.composer) this.composer.draftName = `earmark.draft.${this.page.song.id}.${this.feed.you.id}`;
    if (place.at !== null) this.player.seek(place.at);
    this.draw();
    if (place.comment) this.openComment(place.comment, place.at === null);
    this.feed.start();
  }

  get version() {
    return this.feed.state.versions.get(this.versionId);
  }

  get pageUrl() {
    return this.page.page_url;
  }

  /** Everything that follows from the feed; called on every change of it. */
  draw() {
    const { version, feed } = this;
    if (!version || version.removed) return this.#leaveVersion();
    this.player.update(version);
    showStages(feed.versions, version, this.pageUrl);
    showPills(feed.versions, version, this.pageUrl);
    showFacts(version);
    showSongLinks(feed.versions, version);
    this.reactions.draw();
    this.questions.draw();
    this.firstListen.draw();
    this.drawComments();
  }

  drawComments() {
    const me = this.feed.you.id;
    const threads = [...threadsOf(this.feed.comments, this.versionId), ...this.feed.carriedTo(this.versionId)];
    threads.sort((one, other) => one.comment.at - other.comment.at);
    const shown = filtered(threads, this.filter, me);
    const { hearing } = this.beforeAfter;
    // Nobody could end what is no longer on show.
    if (hearing && !shown.some(({ comment }) => comment.id === hearing.id)) return this.beforeAfter.stop();
    this.panel.show(shown, counts(threads, me), this.filter, this.feed.you, this.pageUrl, hearing);
    this.hints.draw();
    this.unread.draw();
    this.#cues = shown.filter(hasPlace).map(({ comment }) => comment);
    this.player.waveform.markers = this.#cues;
    this.light(true);
  }

  /** Lights up what is under the play head. @param {boolean} [redrawn] the rows or markers are new */
  light(redrawn = false) {
    const now = cuesUnder(this.#cues, this.player.time);
    if (!redrawn && now.join() === this.#lit.join()) return;
    const newest = entered(this.#lit, now).at(-1);
    this.#lit = now;
    this.panel.light(now, this.player.playing ? newest : undefined);
    this.player.waveform.lit = now;
    this.lookAt(now.at(-1) ?? null);
  }

  /** Tints the stretch a comment is about. @param {string | null} id */
  lookAt(id) {
    const comment = this.#cues.find((cue) => cue.id === (id ?? this.#lit.at(-1)));
    const until = comment?.until ?? null;
    this.player.waveform.highlight = comment && until !== null ? { start: comment.at, end: until } : null;
  }

  /** @param {string} id @param {boolean} remember whether going back should lead here again */
  chooseVersion(id, remember = true) {
    const version = this.feed.state.versions.get(id);
    if (!version || id === this.versionId) return;
    this.beforeAfter.stop();
    this.versionId = id;
    if (remember) history.pushState(null, "", addressOf(this.pageUrl, { version: version.number, show: this.filter }));
    this.player.load(version);
    this.draw();
    this.#showPeople();
    this.tellWhereabouts();
    return this.#loadComments();
  }

  async #loadComments() {
    const id = this.versionId;
    this.#unloaded = id;
    try {
      await Promise.all([this.feed.loadComments(id), this.feed.loadCarried(id)]);
      if (this.#unloaded === id) this.#unloaded = "";
    } catch (error) {
      showToast(error instanceof Error ? error.message : String(error));
    }
  }

  /** Something was said, answered or compared that may move what came from earlier versions. */
  #reloadCarried() {
    clearTimeout(this.#carriedTimer);
    this.#carriedTimer = window.setTimeout(() => {
      const id = this.versionId;
      this.feed.loadCarried(id).catch(() => (this.#unloaded ||= id));
    }, SETTLE);
  }

  #opened() {
    this.whereabouts.again();
    void this.unread.opened();
    if (this.#unloaded) this.#loadComments();
  }

  /** The version under a number key. @param {number} place */
  chooseBeside(place) {
    const version = sideBySide(this.feed.versions, this.version)[place];
    if (version) this.chooseVersion(version.id);
  }

  /** @param {Filter} filter */
  choose(filter) {
    this.filter = filter;
    history.replaceState(null, "", addressOf(this.pageUrl, { version: this.version?.number ?? null, show: filter }));
    this.drawComments();
  }

  /** @param {string} id @param {boolean} seek */
  openComment(id, seek) {
    const said = this.feed.comment(id);
    const comment = said?.reply_to ? this.feed.comment(said.reply_to) : said;
    if (!comment) return;
    const carried = this.feed.carriedTo(this.versionId).find((thread) => thread.comment.id === comment.id);
    const here = carried?.comment ?? comment;
    if (here.version !== this.versionId && !carried) return;
    if (!this.#cues.some((cue) => cue.id === here.id)) this.choose(here.done ? "done" : "open");
    if (seek && (!carried || hasPlace(carried))) this.player.seek(here.at);
    this.panel.reveal(id);
  }

  /** A comment where it was written, on an earlier version. @param {string} id */
  async openInItsVersion(id) {
    const comment = this.feed.comment(id);
    if (!comment) return;
    await this.chooseVersion(comment.version);
    this.openComment(id, true);
  }

  /** @param {1 | -1} direction */
  jump(direction) {
    const cue = neighbour(this.#cues, this.player.time, direction);
    if (!cue) return;
    this.openComment(cue.id, true);
    this.panel.focusOn(cue.id);
  }

  /** A comment or a reply wherever it is, in this version or another; what is playing plays on. @param {string} id @param {string} version */
  async openAnywhere(id, version) {
    const isHere = version === this.versionId || document.getElementById(`comment-${id}`) !== null;
    if (!isHere) await this.chooseVersion(version);
    this.openComment(id, !this.player.playing);
    this.panel.focusOn(id);
  }

  tellWhereabouts() {
    this.whereabouts.tell({ version: this.versionId, at: this.player.time, playing: this.player.playing });
  }

  #showPeople() {
    const { here, count, you } = this.feed;
    showHere(find(document, "#here"), here, you.id, count);
    this.player.waveform.others = othersIn(here, you.id, this.versionId);
    if (this.composer) this.composer.typists = typingLine(here, you.id, this.versionId);
  }

  /** @param {LiveEvent} event */
  #heard(event) {
    if (movesCarried(this.feed.state, event, this.versionId)) this.#reloadCarried();
    const { type, comment, version } = event;
    if (type === "version.added" && version && version.id !== this.versionId) {
      showToast(`v${version.number} was added.`, { action: "Show it", onAction: () => this.chooseVersion(version.id) });
    }
    const fromOthers = comment && comment.version === this.versionId && comment.author.id !== this.feed.you.id;
    if (type !== "comment.added" || !fromOthers) return;
    const verb = comment.reply_to ? "replied" : "commented";
    find(document, "#comment-news").textContent = `${comment.author.name} ${verb} at ${clock(comment.at)}: ${comment.body || "a voice note"}`;
  }

  /** The version on show was deleted: the newest takes its place. */
  #leaveVersion() {
    const other = this.feed.versions.at(-1);
    if (other) this.chooseVersion(other.id);
    else location.assign(this.pageUrl);
  }

  /** @param {import("../live/connection.js").Status} status */
  #showStatus(status) {
    const line = find(document, "#live-state");
    if (status === "reconnecting") {
      this.#statusTimer ||= window.setTimeout(() => {
        line.hidden = false;
        line.textContent = "Reconnecting… What you write is kept and sent.";
      }, QUIET_DROP);
    } else if (status !== "connecting") {
      clearTimeout(this.#statusTimer);
      this.#statusTimer = 0;
      line.hidden = true;
    }
  }

  /** @param {number} code 4401 signed out or link ended, 4404 gone: the server's page says which */
  #ended(code) {
    if (code === 4401 || code === 4404) location.reload();
  }
}

/** @param {string | null} text @returns {Filter} */
const asFilter = (text) => (text === "done" || text === "mine" || text === "mentioned" ? text : "open");

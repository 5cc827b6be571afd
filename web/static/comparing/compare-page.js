import { clock, clockTenths } from "../kit/clock.js";
import { find } from "../kit/elements.js";
import { Press } from "../kit/press.js";
import { showToast } from "../kit/toast.js";
import { PeakSource } from "../listening/peak-source.js";
import { showHere } from "../live/presence.js";
import { Whereabouts } from "../live/whereabouts.js";
import { AbPlayer, LONGEST_LOOP } from "./ab-player.js";
import { changesInTime } from "./changes-in-time.js";
import { CompareLanes } from "./compare-lanes.js";
import { ComparisonSource } from "./comparison-source.js";
import { equalLine, showLensWords, showMaking, showPair, showWords, titlesOf } from "./compare-view.js";
import { rangeOfChange, rangeOfFinding } from "./finding-range.js";
import { FindingsList } from "./findings-list.js";
import { showHearing } from "./hearing-view.js";
import { loudestStretch } from "./loudest.js";
import { axisSide } from "./loop-pieces.js";
import { equalGains } from "./loudness.js";
import { MusicAxis } from "./music-axis.js";
import { Notes } from "./notes.js";
import { inSentences, rowsOf } from "./picture.js";
import { SongLive } from "./song-live.js";

/**
 * @typedef {import("./comparison.js").ComparePage} PageData
 * @typedef {import("./comparison.js").Comparison} Comparison
 * @typedef {import("./changes-in-time.js").Stretch} Stretch
 * @typedef {import("../kit/contract.js").Range} Range
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 */

/** What is heard where nobody chose anything. */
const DEFAULT_RANGE = 20;

/** The compare page: takes the comparison to the lanes, the list and the player. What the listener does is in compare-actions.js. */
export class ComparePage {
  lanes = find(document, "#lanes", CompareLanes);
  player = new AbPlayer({ changed: () => this.#drawPlayer(), time: () => this.#drawTime(), trouble: (sentence) => showToast(sentence) });
  source = new ComparisonSource({
    ready: (comparison) => this.#ready(comparison),
    making: (progress) => this.#making(progress),
    failed: (sentence, again) => this.#failed(sentence, again),
  });
  /** @type {Comparison | null} */
  comparison = null;
  axis = new MusicAxis([], { a: 0, b: 0 });
  /** @type {Stretch[]} */
  changes = [];
  /** @type {Map<string, PeakSource>} */
  #peaks = new Map();
  press = new Press();
  #shownPair = "";

  /** @param {PageData} page */
  constructor(page) {
    this.page = page;
    this.a = page.a ?? "";
    this.b = page.b ?? "";
    this.stage = page.stage;
    this.list = new FindingsList((place) => this.chooseFinding(place), page.review_url, this.press);
    this.live = new SongLive(page, {
      heard: (event) => this.#heard(event),
      here: (here) => showHere(find(document, "#here"), here, page.you.id),
      status: (lost) => this.#status(lost),
      changed: () => this.press.afterwards(this),
    });
    this.notes = new Notes((id) => this.live.version(id)?.number ?? null, (notes) => this.list.annotate(notes));
    this.whereabouts = new Whereabouts((message) => this.live.connection.say(message));
  }

  start() {
    this.live.start();
    this.#ask();
  }

  /** @returns {Record<"a" | "b", Version> | null} */
  get versions() {
    const [a, b] = [this.live.version(this.a), this.live.version(this.b)];
    return a && b ? { a, b } : null;
  }

  /** @param {string} a @param {string} b ids @param {boolean} [remember] whether going back should lead here again */
  choose(a, b, remember = true) {
    if (a === this.a && b === this.b) return;
    const stageBefore = this.versions?.b.stage;
    [this.a, this.b] = [a, b];
    // The lens that was not chosen by hand goes with B.
    if (this.stage === stageBefore) this.stage = this.versions?.b.stage ?? this.stage;
    if (remember) history.pushState(null, "", this.address);
    this.#ask();
  }

  swap() {
    this.choose(this.b, this.a);
  }

  /** @param {string} stage */
  chooseStage(stage) {
    this.stage = stage;
    history.replaceState(null, "", this.address);
    showLensWords(this.page.stages, stage);
    this.source.ask(this.a, this.b, stage);
  }

  get address() {
    const { a, b } = this.versions ?? {};
    return `${this.page.compare_url}?a=${a?.number}&b=${b?.number}&stage=${this.stage}`;
  }

  /** Loops what a line is about, in both versions. @param {number} place */
  chooseFinding(place) {
    const finding = this.list.findings[place];
    if (!finding) return;
    if (place === this.list.chosen && this.player.playing) return this.player.pause();
    this.list.mark(place);
    this.player.range = rangeOfFinding(finding, this.axis, this.changes);
    if (!this.player.playing) this.player.play();
  }

  /** @param {1 | -1} direction */
  stepFinding(direction) {
    const count = this.list.findings.length;
    if (count) this.chooseFinding((Math.max(this.list.chosen, direction > 0 ? -1 : 0) + direction + count) % count);
  }

  /** @param {Range | null} range */
  mark(range) {
    this.list.mark(-1);
    this.player.range = range;
  }

  /** "Hear only what changed", or the music again. */
  toggleChanged() {
    const { player } = this;
    if (player.side === "changed") return void player.switchTo("a");
    const range = player.range ?? this.defaultRange();
    const short = { start: range.start, end: Math.min(range.end, range.start + LONGEST_LOOP) };
    if (short.end !== player.range?.end || short.start !== player.range?.start) player.range = short;
    if (player.sides.length < 2) return void showToast("This part is in one of the two only: there is nothing to subtract.");
    player.switchTo("changed");
    if (!player.playing) player.play();
  }

  /** The first finding that has a place, else the loudest stretch of A. @returns {Range} */
  defaultRange() {
    for (const finding of this.comparison?.findings ?? []) {
      const range = rangeOfFinding(finding, this.axis, this.changes);
      if (range && this.axis.within("a", range) && this.axis.within("b", range)) return range;
    }
    const at = loudestStretch(this.#peaks.get(this.a), this.comparison?.a.facts.duration ?? 0, DEFAULT_RANGE);
    return this.axis.around("a", at);
  }

  #ask() {
    this.comparison = null;
    this.draw();
    showLensWords(this.page.stages, this.stage);
    this.#making(null);
    this.source.ask(this.a, this.b, this.stage);
    this.notes.read(this.b);
  }

  /** @param {number | null} progress */
  #making(progress) {
    const { a, b } = this.versions ?? {};
    const waiting = [a, b].find((version) => version?.status === "preparing");
    const words = waiting ? `v${waiting.number} is still being prepared…` : `Comparing v${a?.number} with v${b?.number}…`;
    showMaking({ words, progress });
    this.#hideComparison();
  }

  /** @param {string} sentence @param {boolean} again */
  #failed(sentence, again) {
    if (this.comparison) return void showToast(sentence);
    showMaking({ words: sentence, again });
    this.#hideComparison();
  }

  #hideComparison() {
    this.#shownPair = "";
    this.player.stop();
    document.body.classList.remove("is-compared");
    this.list.show([], true);
  }

  /** @param {Comparison} comparison */
  #ready(comparison) {
    const { versions } = this;
    if (!versions) return;
    this.comparison = comparison;
    showMaking(null);
    document.body.classList.add("is-compared");
    const pair = `${this.a} ${this.b}`;
    const another = pair !== this.#shownPair;
    this.#shownPair = pair;
    if (another) this.#showPair(comparison, versions);
    this.list.show(comparison.findings, true);
  }

  /** @param {Comparison} comparison @param {Record<"a" | "b", Version>} versions */
  #showPair(comparison, versions) {
    const durations = { a: comparison.a.facts.duration, b: comparison.b.facts.duration };
    this.axis = new MusicAxis(comparison.time_map.segments, durations);
    this.changes = changesInTime(this.axis.pieces, comparison.moved);
    const { picture } = comparison;
    const sentences = picture ? inSentences(picture) : [];
    const sources = { a: this.#peaksOf(versions.a), b: this.#peaksOf(versions.b) };
    this.lanes.show({
      axis: this.axis,
      sources,
      changes: this.changes,
      rows: picture ? rowsOf(picture) : [],
      step: picture?.step ?? 1,
      sentence: `More and less. ${sentences.map(({ row, sentence }) => `${row.name}: ${sentence}`).join(". ")}`,
    });
    this.lanes.titles = titlesOf(comparison, versions);
    const gains = equalGains(comparison.matched_gain_db);
    equalLine(gains, versions);
    this.player.load({ versions, axis: this.axis, gains });
    const loop = (/** @type {Range} */ range) => this.#loop(range);
    showWords(this.changes, sentences, {
      change: (change) => loop(rangeOfChange(change, this.axis)),
      stretch: (range) => loop(this.axis.around("a", range)),
    });
  }

  /** @param {Range} range */
  #loop(range) {
    this.mark(range);
    if (!this.player.playing) this.player.play();
  }

  /** @param {Version} version */
  #peaksOf(version) {
    const known = this.#peaks.get(version.id);
    if (known || !version.zooms.length) return known ?? null;
    const source = new PeakSource((zoom) => `/api/versions/${version.id}/waveform.dat?zoom=${zoom}`, version.zooms);
    this.#peaks.set(version.id, source);
    source.open(version.duration ?? 0, this.lanes.bars).then(
      () => this.lanes.refresh(),
      () => this.#peaks.delete(version.id),
    );
    return source;
  }

  /** The versions there are, and which two were chosen. */
  draw() {
    const { versions } = this;
    const gone = versions?.a.removed || versions?.b.removed;
    if (!versions || gone) return location.assign(this.page.compare_url);
    showPair(this.live.versions, versions, this.page);
  }

  #drawPlayer() {
    const { player, lanes, list } = this;
    if (!player.range && typeof list.findings[list.chosen]?.start === "number") list.mark(-1);
    lanes.side = axisSide(player.side);
    lanes.playing = player.playing;
    lanes.range = player.range;
    showHearing(player, this.versions, lanes.armed);
    this.#drawTime();
  }

  #drawTime() {
    const { player, axis, lanes } = this;
    const side = axisSide(player.side);
    const music = player.position;
    const at = axis.toSide(side, music);
    lanes.time = music;
    find(document, ".hear-time .time-now").textContent = clockTenths(at);
    find(document, ".hear-time .time-of").textContent = `/ ${clock(axis.durations[side])}`;
    this.whereabouts.tell({ version: side === "a" ? this.a : this.b, at, playing: player.playing });
  }

  /** @param {LiveEvent} event */
  #heard({ type, comparison, comment, verdict, version }) {
    if (comparison) this.source.heard(comparison);
    if (comment || verdict) this.notes.readSoon(this.b);
    if (type === "version.ready" && version && (version.id === this.a || version.id === this.b)) this.source.again();
    if (type !== "version.ready" || !version || version.id === this.b || version.id === this.a) return;
    showToast(`v${version.number} is ready.`, { action: "Compare it", onAction: () => this.choose(this.b, version.id) });
  }

  /** @param {boolean} lost */
  #status(lost) {
    const line = find(document, "#live-state");
    line.hidden = !lost;
    line.textContent = lost ? "Reconnecting…" : "";
  }
}

import { DetailedError, Upload } from "../vendor/tus.js";
import { mayPass, sentenceFrom, waitBefore } from "./refusal.js";

/** Under what proxies on the way commonly let through in one request. */
const CHUNK = 50_000_000;
/** The server looked at the file and will not have it: what it holds of it is of no use. */
const HOPELESS = [400, 413, 415, 422];
/** The server still swallows what came before: soon it knows how far it is. */
const STILL_BUSY = [409, 423, 460];
/** A line can die without anyone being told: no byte for so long means that. */
const SILENCE = 30_000;
/** The last answer may take long, for the server looks at the file first; but not for ever. */
const LAST_ANSWER = 300_000;

/**
 * @typedef {"sending" | "checking" | "paused" | "dropped" | "refused" | "cancelled" | "done"} SendingState
 * @typedef {{
 *   state(state: SendingState, sentence?: string): void,
 *   progress(sent: number, total: number): void,
 * }} Watcher
 * @typedef {{[key: string]: string}} Details what the version is called: song, stage, label, notes
 */

/** Carries an answer out of tus-js-client, which would start anew from the first byte at any bad one. */
class BadAnswer extends Error {
  /** @param {number} status @param {string} body */
  constructor(status, body) {
    super(`status ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** One file on its way to the server. Goes on by itself after a dropped line, and after a reload of the page. */
export class Sending {
  #attempt = 0;
  #furthest = 0;
  /** @type {SendingState | "waiting"} */
  #state = "waiting";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController} */
  #listeners = new AbortController();
  /** The details an earlier visit gave it; the server knows it by those. @type {Details | null} */
  begunWith = null;
  /** @type {string | null} */
  version = null;

  /** @param {File} file @param {string} endpoint @param {Details} details @param {Watcher} watcher */
  constructor(file, endpoint, details, watcher) {
    this.watcher = watcher;
    this.size = file.size;
    this.upload = new Upload(file, {
      endpoint,
      metadata: { filename: file.name, ...details },
      chunkSize: CHUNK,
      // One mechanism, ours below: it also waits for the network and tells people.
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      fingerprint: async () => ["earmark", details.song, file.name, file.size, file.lastModified].join("-"),
      onProgress: (sent, total) => this.#progress(sent, total),
      onSuccess: ({ lastResponse }) => this.#finish(lastResponse.getHeader("Earmark-Version") ?? null),
      onError: (error) => this.#fail(error),
      onAfterResponse: (asked, answer) => {
        const status = answer.getStatus();
        const gone = status === 404 || status === 410;
        if (asked.getMethod() === "HEAD" && status >= 400 && !gone) throw new BadAnswer(status, "");
      },
    });
  }

  /** Looks whether an earlier visit began it. @returns {Promise<Details | null>} what it was called then */
  async findBegun() {
    const found = await this.upload.findPreviousUploads();
    const latest = found.sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime))[0];
    if (!latest) return null;
    this.upload.resumeFromPreviousUpload(latest);
    this.begunWith = latest.metadata;
    return latest.metadata;
  }

  start() {
    const { signal } = this.#listeners;
    addEventListener("online", () => this.#state === "dropped" && this.#go(), { signal });
    addEventListener("offline", () => this.#onItsWay() && this.#drop(), { signal });
    this.#go();
  }

  pause() {
    this.#stop();
    this.#tell("paused");
  }

  resume() {
    this.#attempt = 0;
    this.#tell("sending");
    this.#go();
  }

  /** Also frees what the server holds of it. */
  async cancel() {
    this.#end("cancelled");
    await this.upload.abort(true).catch(() => {
      // Offline: the server lets go of it by itself when its time is over.
    });
  }

  #onItsWay() {
    return this.#state === "sending" || this.#state === "checking";
  }

  #go() {
    // A line that dropped counts as back when bytes go through, not at each try: no flicker, no chatter.
    if (this.#state !== "dropped") this.#tell("sending");
    this.#watchSilence();
    this.upload.start();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.upload.abort();
  }

  #watchSilence(patience = SILENCE) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#drop(), patience);
  }

  /** @param {number} sent @param {number} total */
  #progress(sent, total) {
    // Only what is new shows that the line is good: every try again reports the bytes the server has.
    if (sent > this.#furthest) this.#attempt = 0;
    this.#furthest = Math.max(this.#furthest, sent);
    this.watcher.progress(sent, total);
    if (sent < total) {
      this.#tell("sending");
      return this.#watchSilence();
    }
    this.#tell("checking");
    this.#watchSilence(LAST_ANSWER);
  }

  #drop() {
    this.#tell("dropped");
    this.#tryLater();
  }

  #tryLater() {
    this.#stop();
    this.#timer = setTimeout(() => this.#go(), waitBefore(this.#attempt++, Math.random()));
  }

  /** @param {Error} error */
  #fail(error) {
    const { status, body } = answerIn(error);
    if (STILL_BUSY.includes(status)) return this.#tryLater();
    if (mayPass(status)) return this.#drop();
    this.#end("refused", sentenceFrom(status, body));
    if (HOPELESS.includes(status)) this.upload.abort(true).catch(() => {});
  }

  /** @param {string | null} version */
  #finish(version) {
    this.version = version;
    if (version) this.#end("done");
    else this.#end("refused", "The server made no version of this file. Please send it again.");
  }

  /** @param {SendingState} state @param {string} [sentence] */
  #end(state, sentence) {
    clearTimeout(this.#timer);
    this.#listeners.abort();
    this.#tell(state, sentence);
  }

  /** @param {SendingState} state @param {string} [sentence] */
  #tell(state, sentence) {
    if (state === this.#state) return;
    this.#state = state;
    this.watcher.state(state, sentence);
  }
}

/** @param {Error} error @returns {{status: number, body: string}} status 0 when there was no answer */
function answerIn(error) {
  if (!(error instanceof DetailedError)) return { status: 0, body: "" };
  if (error.causingError instanceof BadAnswer) return error.causingError;
  const answer = error.originalResponse;
  return answer ? { status: answer.getStatus(), body: answer.getBody() } : { status: 0, body: "" };
}

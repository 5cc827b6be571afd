import { ApiError, request } from "../kit/api.js";

/**
 * Asks for a comparison until it is there. News of it comes over the live connection; asking again now and then makes
 * up for what was missed.
 *
 * @typedef {import("./comparison.js").Comparison} Comparison
 * @typedef {import("./comparison.js").ComparisonState} ComparisonState
 * @typedef {{
 *   ready(comparison: Comparison): void, making(progress: number | null): void,
 *   failed(sentence: string, again: boolean): void,
 * }} SourceListener
 */

const ASK_AGAIN = 4000;

export class ComparisonSource {
  #timer = 0;
  #asked = 0;
  #a = "";
  #b = "";
  #stage = "";
  #making = false;

  /** @param {SourceListener} listener */
  constructor(listener) {
    this.listener = listener;
  }

  /** @param {string} a @param {string} b ids of versions @param {string} stage */
  ask(a, b, stage) {
    [this.#a, this.#b, this.#stage] = [a, b, stage];
    this.#making = false;
    return this.again();
  }

  async again() {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const query = new URLSearchParams({ a: this.#a, b: this.#b, stage: this.#stage });
    try {
      const answer = await request("GET", `/api/compare?${query}`);
      if (asked !== this.#asked) return;
      this.#making = answer.status === "preparing";
      if (this.#making) this.#wait(answer.comparison?.progress ?? null);
      else this.listener.ready(answer);
    } catch (error) {
      if (asked === this.#asked) this.#refused(error);
    }
  }

  /** News of some comparison of this song. @param {ComparisonState} state */
  heard({ a, b, status, progress, error }) {
    if (a !== this.#a || b !== this.#b || !this.#making) return;
    if (status === "preparing") this.#wait(progress);
    else if (status === "ready") this.again();
    else this.listener.failed(error ?? "These two could not be compared.", true);
  }

  /** @param {number | null} progress */
  #wait(progress) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.again(), ASK_AGAIN);
    this.listener.making(progress);
  }

  /** @param {unknown} error */
  #refused(error) {
    if (error instanceof ApiError && error.passing) this.#timer = window.setTimeout(() => this.again(), ASK_AGAIN);
    this.listener.failed(error instanceof Error ? error.message : "These two could not be compared.", true);
  }
}

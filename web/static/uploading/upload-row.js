import { find } from "../kit/elements.js";
import { request } from "../kit/api.js";
import { Pace } from "./pace.js";
import { Sending } from "./sending.js";
import { percent, sentOf, sizeInWords, timeLeft } from "./words.js";

/** @typedef {import("./sending.js").SendingState} SendingState */
/** @typedef {import("./sending.js").Details} Details */

/** What can be done in each state. @type {Record<SendingState | "waiting", string[]>} */
const ACTIONS = {
  waiting: ["earlier", "remove"],
  sending: ["pause", "cancel"],
  checking: [],
  paused: ["resume", "cancel"],
  dropped: ["retry", "cancel"],
  refused: ["remove"],
  cancelled: ["remove"],
  done: [],
};

const FIRST_BUTTON = /** @type {"button"} */ ("button:not([hidden])");

/** One chosen file on the page: what it is, how far it is, what can be done about it. */
export class UploadRow {
  #pace = new Pace();
  /** @type {SendingState | "waiting"} */
  state = "waiting";
  /** @type {Sending | null} */
  #sending = null;

  /** @param {File} file @param {HTMLTemplateElement} template @param {string | null} refusal
   * @param {(row: UploadRow, action: "earlier" | "remove") => void} onMove
   * @param {(row: UploadRow, words: string) => void} onNews */
  constructor(file, template, refusal, onMove, onNews) {
    this.file = file;
    this.refusal = refusal;
    this.onNews = onNews;
    this.element = find(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), ".upload-row");
    this.label = find(this.element, ".upload-label input", HTMLInputElement);
    this.progress = find(this.element, "progress", HTMLProgressElement);
    find(this.element, ".upload-name").textContent = file.name;
    find(this.element, ".upload-size").textContent = sizeInWords(file.size);
    this.label.setAttribute("aria-label", `Label of ${file.name}`);
    this.progress.setAttribute("aria-label", `How much of ${file.name} is sent`);
    for (const button of this.element.querySelectorAll("button")) {
      button.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: ` ${file.name}` }));
    }
    this.element.addEventListener("click", (event) => this.#press(event, onMove));
    this.show(refusal ? "refused" : "waiting", refusal ?? "");
  }

  /** May it be sent by the next press of the button? */
  get unsent() {
    return !this.refusal && this.state !== "done";
  }

  /** @param {string} endpoint @param {string} song @returns {Promise<Details | null>} what an earlier visit called it */
  async findBegun(endpoint, song) {
    const begun = await new Sending(this.file, endpoint, { song }, silent).findBegun();
    if (begun) this.say("Part of it is here from before. It goes on where it stopped.");
    return begun;
  }

  /** @param {string} endpoint @param {Details} details @returns {Promise<SendingState>} how it ended */
  async send(endpoint, details) {
    this.#pace.forget();
    const ended = new Promise((/** @type {(state: SendingState) => void} */ resolve) => {
      this.#sending = new Sending(this.file, endpoint, details, {
        progress: (sent, total) => this.#move(sent, total),
        state: (state, sentence) => {
          this.show(state, sentence ?? this.#words(state));
          if (["refused", "cancelled", "done"].includes(state)) resolve(state);
        },
      });
    });
    await this.#sending?.findBegun();
    this.#sending?.start();
    const state = await ended;
    if (state === "done") await this.#rename(details);
    return state;
  }

  /** What an earlier visit began carries the words of then; give it those of now. @param {Details} details */
  async #rename({ stage, label, notes }) {
    const { begunWith, version } = /** @type {Sending} */ (this.#sending);
    const same = begunWith?.stage === stage && begunWith?.label === label && begunWith?.notes === notes;
    if (!begunWith || same) return;
    await request("PATCH", `/api/versions/${version}`, { stage, label, notes }).catch((error) => {
      this.say(`It is in, under its earlier name: ${error.message}`);
    });
  }

  /** @param {SendingState | "waiting"} state @param {string} words */
  show(state, words) {
    this.state = state;
    this.element.dataset.state = state;
    const error = find(this.element, ".field-error");
    error.hidden = state !== "refused";
    error.textContent = state === "refused" ? words : "";
    this.progress.hidden = ["waiting", "refused", "cancelled"].includes(state);
    for (const button of this.element.querySelectorAll("button")) {
      button.hidden = !ACTIONS[state].includes(button.dataset.do ?? "");
    }
    this.say(state === "refused" ? "" : words);
    if (words) this.onNews(this, words);
  }

  /** @param {string} words */
  say(words) {
    find(this.element, ".upload-status").textContent = words;
  }

  /** @param {number} sent @param {number} total */
  #move(sent, total) {
    this.#pace.note(sent, performance.now());
    const done = `${percent(sent, total)} %`;
    this.progress.value = total ? sent / total : 0;
    if (this.state !== "sending") return;
    const parts = [done, sentOf(sent, total), timeLeft(this.#pace.secondsLeft(total))];
    this.say(parts.filter(Boolean).join(" · "));
    document.title = `${done} · ${this.file.name}`;
  }

  /** @param {SendingState} state */
  #words(state) {
    this.#pace.forget();
    if (state === "sending") return "Sending…";
    if (state === "checking") return "All sent. The server is looking at it…";
    if (state === "paused") return "Paused. It goes on where it stopped.";
    if (state === "dropped") return "The connection dropped. It goes on by itself when it is back.";
    if (state === "cancelled") return "Not sent. Press the button below to send it after all.";
    return "It is in.";
  }

  /** @param {Event} event @param {(row: UploadRow, action: "earlier" | "remove") => void} onMove */
  #press(event, onMove) {
    const button = /** @type {Element} */ (event.target).closest("button");
    const action = button?.dataset.do;
    if (action === "pause") this.#sending?.pause();
    if (action === "resume" || action === "retry") this.#sending?.resume();
    if (action === "cancel") this.#sending?.cancel();
    if (action === "earlier" || action === "remove") onMove(this, action);
    // The pressed button is gone: leave the focus beside it, not at the top of the page.
    if (button?.hidden) this.element.querySelector(FIRST_BUTTON)?.focus();
  }
}

const silent = { state() {}, progress() {} };

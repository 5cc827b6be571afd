import { clock } from "../kit/clock.js";
import { find, make, tell } from "../kit/elements.js";

/** @typedef {{seconds: number, peaks: number[]}} Voice */

const SVG = "http://www.w3.org/2000/svg";
const [BAR, GAP, HEIGHT] = [3, 2, 28];
/** @type {HTMLAudioElement | null} Two voices at once are none. */
let speaking = null;

/**
 * `<voice-note>`: a spoken comment that plays in place. Without scripts it holds the browser's own player.
 *
 * Down: `show(source, voice)`. Up: `voice-playing` {playing}.
 */
export class VoiceNote extends HTMLElement {
  #audio = new Audio();

  connectedCallback() {
    this.#audio.preload = "none";
    for (const type of ["play", "pause", "ended"]) this.#audio.addEventListener(type, this.#changed);
    this.#audio.addEventListener("timeupdate", this.#moved);
  }

  disconnectedCallback() {
    this.#audio.pause();
  }

  /** @param {string} source @param {Voice | null} voice */
  show(source, voice) {
    this.hidden = !voice;
    if (!voice || this.dataset.source === source) return;
    this.dataset.source = source;
    this.#audio.src = source;
    const button = make("button", { type: "button", class: "voice-play" }, make("span", { class: "voice-icon", "aria-hidden": "true" }));
    button.addEventListener("click", () => this.#toggle());
    const length = make("span", { class: "voice-length", text: clock(voice.seconds) });
    this.replaceChildren(button, bars(voice.peaks), length);
    this.#label(voice.seconds);
  }

  #toggle() {
    if (!this.#audio.paused) return this.#audio.pause();
    if (speaking !== this.#audio) speaking?.pause();
    speaking = this.#audio;
    this.#audio.play().catch(() => this.#changed());
  }

  #changed = () => {
    const playing = !this.#audio.paused;
    this.classList.toggle("is-playing", playing);
    this.#label(this.#audio.duration);
    tell(this, "voice-playing", { playing });
  };

  #moved = () => {
    const done = this.#audio.currentTime / (this.#audio.duration || 1);
    const marks = this.querySelectorAll("rect");
    marks.forEach((mark, place) => mark.classList.toggle("heard", place < done * marks.length));
  };

  /** @param {number} seconds */
  #label(seconds) {
    const length = Number.isFinite(seconds) ? `, ${Math.round(seconds)} seconds` : "";
    find(this, ".voice-play").setAttribute("aria-label", this.#audio.paused ? `Play the voice note${length}` : "Pause the voice note");
  }
}

/** @param {number[]} peaks 0 to 100 */
function bars(peaks) {
  const drawing = document.createElementNS(SVG, "svg");
  const attributes = { class: "voice-bars", viewBox: `0 0 ${peaks.length * (BAR + GAP)} ${HEIGHT}`, "aria-hidden": "true" };
  for (const [name, value] of Object.entries(attributes)) drawing.setAttribute(name, value);
  peaks.forEach((peak, place) => {
    const height = Math.max(2, (peak / 100) * HEIGHT);
    const bar = document.createElementNS(SVG, "rect");
    const box = { x: place * (BAR + GAP), y: (HEIGHT - height) / 2, width: BAR, height, rx: 1 };
    for (const [name, value] of Object.entries(box)) bar.setAttribute(name, String(value));
    drawing.append(bar);
  });
  return drawing;
}

/** Puts what a comment says aloud where its words would be. @param {HTMLElement} item @param {import("./comment-store.js").Shown} comment */
export function fillVoice(item, comment) {
  const note = find(item, "voice-note", VoiceNote);
  note.show(`/api/comments/${comment.id}/voice`, comment.voice ?? null);
  find(item, ".comment-body").hidden = Boolean(comment.voice) && !comment.body;
  const edit = /** @type {HTMLElement | null} */ (item.querySelector(".edit-button"));
  if (edit) edit.hidden = Boolean(comment.voice);
}

customElements.define("voice-note", VoiceNote);

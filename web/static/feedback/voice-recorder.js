import { clock } from "../kit/clock.js";
import { find, tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";

const LONGEST_SECONDS = 120;
/** Held for less than this it was a tap: it goes on until the next one. */
const A_TAP = 400;
const BITS_PER_SECOND = 64_000;

/**
 * `<voice-recorder>`: hold to talk and let go to send; or tap, talk and tap. Escape throws it away.
 *
 * Up: `voice-begin` (the song should be still), `voice-recorded` {recording, seconds}, `voice-refused` {sentence}.
 */
export class VoiceRecorder extends HTMLElement {
  #scope = new Scope();
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #asking = false;
  #thrownAway = false;
  #pressedAt = 0;
  #beganAt = 0;

  connectedCallback() {
    const scope = (this.#scope = new Scope());
    const button = find(this, ".talk-button");
    scope.on(button, "pointerdown", (event) => this.#pressed(event));
    scope.on(button, "pointerup", () => this.#released());
    scope.on(button, "contextmenu", (event) => event.preventDefault());
    scope.on(button, "click", (event) => event.detail === 0 && this.#toggle());
    scope.on(find(this, ".talk-cancel"), "click", () => this.#end(true));
    scope.on(find(this, "input"), "change", (event) => this.#chosen(event.target));
    scope.on(document, "keydown", (event) => event.key === "Escape" && this.#recorder && this.#end(true));
    scope.every(200, () => this.#tick());
    scope.add(() => this.#end(true));
    this.#show();
  }

  disconnectedCallback() {
    this.#scope.dispose();
  }

  /** A page that came over plain http from another machine is not given the microphone. */
  get #possible() {
    return Boolean(navigator.mediaDevices && window.MediaRecorder);
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0) return;
    if (this.#recorder) return this.#end(false);
    this.#pressedAt = performance.now();
    this.#begin();
  }

  #released() {
    const held = performance.now() - this.#pressedAt >= A_TAP;
    if (held && this.#recorder) this.#end(false);
  }

  #toggle() {
    if (this.#recorder) this.#end(false);
    else this.#begin();
  }

  async #begin() {
    if (!this.#possible) return find(this, "input", HTMLInputElement).click();
    if (this.#asking) return;
    this.#asking = true;
    tell(this, "voice-begin");
    try {
      this.#record(await navigator.mediaDevices.getUserMedia({ audio: true }));
    } catch {
      tell(this, "voice-refused", { sentence: "There is no microphone, or this page may not use it. Your browser's settings can allow it." });
    } finally {
      this.#asking = false;
      this.#show();
    }
  }

  /** @param {MediaStream} stream */
  #record(stream) {
    /** @type {Blob[]} */
    const parts = [];
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND });
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      const seconds = (performance.now() - this.#beganAt) / 1000;
      if (!this.#thrownAway && seconds > 0.3) tell(this, "voice-recorded", { recording: new Blob(parts, { type: recorder.mimeType }), seconds });
    };
    this.#thrownAway = false;
    this.#beganAt = performance.now();
    this.#recorder = recorder;
    recorder.start();
  }

  /** @param {boolean} thrownAway */
  #end(thrownAway) {
    const recorder = this.#recorder;
    this.#recorder = null;
    this.#thrownAway = thrownAway;
    if (recorder && recorder.state !== "inactive") recorder.stop();
    this.#show();
  }

  /** @param {HTMLInputElement} input */
  #chosen(input) {
    const file = input.files?.[0];
    input.value = "";
    if (file) tell(this, "voice-recorded", { recording: file, seconds: 0 });
  }

  #tick() {
    if (!this.#recorder) return;
    const seconds = (performance.now() - this.#beganAt) / 1000;
    if (seconds >= LONGEST_SECONDS) return this.#end(false);
    find(this, ".talk-time").textContent = clock(seconds);
  }

  #show() {
    const recording = this.#recorder !== null;
    this.classList.toggle("is-recording", recording);
    find(this, ".talk-button").setAttribute("aria-pressed", String(recording));
    find(this, ".talk-words").textContent = recording ? "Send" : "Hold to talk";
    find(this, ".talk-running").hidden = !recording;
    find(this, ".talk-time").textContent = clock(0);
    find(this, ".talk-news").textContent = recording ? "Recording. Press again to send, Escape to throw it away." : "";
  }
}

customElements.define("voice-recorder", VoiceRecorder);

const WINDOW = 12_000;
const ENOUGH = 1500;

/** How fast an upload goes just now, from what went through in the last seconds. Times in milliseconds. */
export class Pace {
  /** @type {{at: number, sent: number}[]} */
  #marks = [];

  /** @param {number} sent bytes so far @param {number} now */
  note(sent, now) {
    this.#marks.push({ at: now, sent });
    while (this.#marks.length > 2 && now - (this.#marks[0]?.at ?? now) > WINDOW) this.#marks.shift();
  }

  /** After a pause the time in between says nothing about the line. */
  forget() {
    this.#marks = [];
  }

  /** @param {number} total bytes @returns {number | null} null while too little is known */
  secondsLeft(total) {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (!first || !last || last.at - first.at < ENOUGH || last.sent <= first.sent) return null;
    const bytesPerSecond = ((last.sent - first.sent) / (last.at - first.at)) * 1000;
    return (total - last.sent) / bytesPerSecond;
  }
}

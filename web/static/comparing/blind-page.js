import { ApiError, request } from "../kit/api.js";
import { find, make } from "../kit/elements.js";
import { showToast } from "../kit/toast.js";
import { LiveConnection } from "../live/connection.js";
import { ifAllAgree, votedLine } from "./blind-words.js";

/**
 * The votes of a blind test, live. The number of votes is written in place; when the test is revealed or taken away
 * the server's own page is asked what stands there now, so that there is one place for the markup.
 *
 * @typedef {import("../kit/contract.js").BlindTest} BlindTest
 * @typedef {import("../kit/contract.js").You} You
 * @typedef {BlindTest & {yours: "x" | "y" | "same" | null}} Detail
 * @typedef {{test: Detail, you: You, song: import("../kit/contract.js").Song, seq: number}} BlindPageData
 */

const QUIET_DROP = 1500;

export class BlindPage {
  #timer = 0;

  /** @param {BlindPageData} page @param {import("../kit/scope.js").Scope} scope */
  constructor({ test, song, seq, you }, scope) {
    this.test = /** @type {BlindTest} */ (test);
    this.you = you;
    this.song = song;
    this.seq = seq;
    this.scope = scope;
    this.connection = new LiveConnection(() => this.#address(), {
      status: (status) => this.#showStatus(status),
      hello: () => {},
      here: () => {},
      event: (event) => this.#heard(event),
      resync: () => anew(),
      ended: () => anew(),
    });
  }

  start() {
    const { scope, connection } = this;
    scope.on(document, "submit", (event) => this.#submitted(event));
    scope.on(window, "online", () => connection.hurry());
    scope.on(window, "offline", () => connection.lost());
    scope.on(document, "visibilitychange", () => document.visibilityState === "visible" && connection.hurry());
    connection.connect();
  }

  #address() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return `${scheme}://${location.host}/api/songs/${this.song.id}/live?since=${this.seq}`;
  }

  /** Forms that the page can do without being loaded anew; the music plays on. @param {SubmitEvent} event */
  #submitted(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const action = form.getAttribute("action") ?? "";
    if (action.endsWith("/vote")) {
      event.preventDefault();
      this.#vote(form, /** @type {HTMLButtonElement} */ (event.submitter).value);
    } else if (action.endsWith("/reveal")) {
      event.preventDefault();
      request("POST", `/api/blind-tests/${this.test.id}/reveal`).then(
        () => this.#refresh(),
        (error) => showToast(sentence(error)),
      );
    }
  }

  /** @param {HTMLFormElement} form @param {string} choice */
  async #vote(form, choice) {
    this.#complain("");
    const before = pressed(form);
    press(form, choice);
    try {
      const answer = await request("PUT", `/api/blind-tests/${this.test.id}/vote`, { choice });
      this.#take(answer);
      find(document, ".blind-voted").hidden = false;
    } catch (error) {
      press(form, before);
      if (error instanceof ApiError && error.code === "revealed") await this.#refresh();
      else this.#complain(sentence(error));
    }
  }

  /** @param {import("../kit/contract.js").LiveEvent} event */
  #heard({ seq, blind_test: test }) {
    this.seq = seq;
    if (test?.id === this.test.id) this.#take(test);
  }

  /** @param {BlindTest} test */
  #take(test) {
    const before = this.test;
    this.test = test;
    if (test.removed && !this.you.member) this.#takenAway();
    else if (test.removed !== before.removed) anew();
    else if (test.revealed !== before.revealed) this.#refresh();
    else if (!test.revealed) {
      find(document, "#blind-count").textContent = votedLine(test.votes);
      const sure = document.getElementById("blind-sure");
      if (sure) sure.textContent = ifAllAgree(test.votes);
    }
  }

  /** A guest has no page of what is gone; this one waits here for the band to undo it. */
  #takenAway() {
    const words = "The band has taken this blind test away. Should they bring it back, it is here again.";
    find(document, "#blind-state").replaceChildren(make("p", { class: "card section", role: "status", text: words }));
  }

  /** What the server would draw now, in place of what is there. */
  async #refresh() {
    const text = await fetch(location.pathname).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
    if (text === null) return anew();
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const state = find(document, "#blind-state");
    const within = state.contains(document.activeElement);
    state.replaceChildren(...find(fresh, "#blind-state").childNodes);
    for (const name of document.querySelectorAll("[data-name]")) {
      name.textContent = find(fresh, `[data-name="${name.getAttribute("data-name")}"]`).textContent;
    }
    // The button that was pressed is gone; whoever listens instead of looking is told.
    if (within) document.getElementById("answer")?.focus();
    const said = ["#answer", ".blind-sentence"].map((part) => state.querySelector(part)?.textContent ?? "");
    find(document, "#blind-news").textContent = said.join(". ");
  }

  /** @param {string} message */
  #complain(message) {
    const line = find(document, "#blind-state .blind-trouble");
    line.textContent = message;
    line.hidden = !message;
  }

  /** @param {import("../live/connection.js").Status} status */
  #showStatus(status) {
    const line = find(document, "#live-state");
    if (status === "reconnecting") {
      this.#timer ||= window.setTimeout(() => {
        line.hidden = false;
        line.textContent = "Reconnecting… What you hear plays on.";
      }, QUIET_DROP);
    } else if (status !== "connecting") {
      clearTimeout(this.#timer);
      this.#timer = 0;
      line.hidden = true;
    }
  }
}

/** Not by `reload`: where the page is the answer to a form, as with a new link, that would send the form again. */
const anew = () => location.replace(location.pathname);

/** @param {HTMLFormElement} form @returns {NodeListOf<HTMLButtonElement>} */
const choices = (form) => form.querySelectorAll("[name=choice]");

/** @param {HTMLFormElement} form */
const pressed = (form) => [...choices(form)].find((one) => one.getAttribute("aria-pressed") === "true")?.value ?? "";

/** @param {HTMLFormElement} form @param {string} choice */
function press(form, choice) {
  for (const one of choices(form)) one.setAttribute("aria-pressed", String(one.value === choice));
}

/** @param {unknown} error */
const sentence = (error) => (error instanceof ApiError ? error.message : "This did not work. Try again.");

import { clock, clockSpan } from "../kit/clock.js";
import { make } from "../kit/elements.js";
import { picture } from "./agreement-picture.js";
import { AnswerPad } from "./answer-pad.js";
import { AnswerSlider } from "./answer-slider.js";
import { AnswerWords } from "./answer-words.js";
import { loudnessWords, placeWords } from "./words.js";

/**
 * @typedef {import("../kit/contract.js").Agreement} Agreement
 * @typedef {import("../kit/contract.js").Question} Question
 * @typedef {import("../kit/contract.js").You} You
 * @typedef {import("./answers.js").ShownAnswer} ShownAnswer
 * @typedef {import("./answers.js").Values} Values
 * @typedef {{
 *   question: Question, answers: ShownAnswer[], agreement: Agreement | undefined, you: You, duration: number,
 *   waits: boolean,
 * }} Asked `waits`: others' answers are kept back still
 * @typedef {(type: string, detail: object) => void} Tell
 */

/** One question: how to answer it, what became of the answer, and what everybody's answers come to. */
export class QuestionCard {
  element = make("article", { class: "question-card" });
  #title = make("h3", {});
  #answer = make("div", { class: "question-answer" });
  #own = make("ul", { class: "question-own" });
  #state = make("p", { class: "question-state", role: "status" });
  #answering = make("div", { class: "question-answering" }, this.#answer, this.#own, this.#state);
  #results = make("div", { class: "question-results" });
  #tools = make("div", { class: "question-tools" });
  /** @type {{show(own: ShownAnswer[]): void, focus(): void, refused?(words: string): void, draft?: string} | null} */
  #control = null;
  #drawnFor = "";
  #resultsAs = "";

  /** @param {Tell} tell */
  constructor(tell) {
    this.tell = tell;
    this.element.append(this.#title, this.#answering, this.#results, this.#tools);
  }

  /** @param {Asked} asked */
  update(asked) {
    const { question, answers, you } = asked;
    const own = answers.filter(({ author }) => author.id === you.id);
    const drawnFor = `${question.id} ${question.revision} ${you.may_comment} ${you.member}`;
    if (drawnFor !== this.#drawnFor) this.#drawAnew(question, you);
    this.#drawnFor = drawnFor;
    this.#control?.show(own);
    this.#showOwn(question, own);
    this.#showState(own);
    this.#showResults(asked, own.some(({ pending }) => !pending));
  }

  focus() {
    this.#control?.focus();
  }

  /** Words that the server would not take are given back to who wrote them. @param {string} words */
  refused(words) {
    this.#control?.refused?.(words);
  }

  /** @param {Question} question @param {You} you */
  #drawAnew(question, you) {
    // The question may be rewritten while somebody answers it: their words stay.
    const draft = this.#control?.draft ?? "";
    this.element.dataset.id = question.id;
    this.#title.textContent = question.text;
    this.#control = you.may_comment ? this.#controlFor(question) : null;
    this.#control?.refused?.(draft);
    if (!you.may_comment) this.#answer.replaceChildren();
    this.#tools.replaceChildren(...(you.member ? this.#bandsTools(question) : []));
    if (you.member) this.#fold();
  }

  /** The band came for what others say; its own answer is a step away. */
  #fold() {
    if (this.#answering.parentElement instanceof HTMLDetailsElement) return;
    const folded = make("details", { class: "question-fold" }, make("summary", { text: "Answer it yourself" }));
    this.#results.after(folded);
    folded.append(this.#answering);
  }

  /** @param {Question} question */
  #controlFor(question) {
    const give = (/** @type {Values} */ values) => this.tell("question-answer", { question, values });
    if (question.kind === "pad") {
      const pad = new AnswerPad(question.text, give);
      this.#answer.replaceChildren(pad.element);
      return { show: (/** @type {ShownAnswer[]} */ own) => pad.show(own.at(-1) ?? null), focus: () => pad.element.focus() };
    }
    if (question.kind === "slider") {
      const slider = new AnswerSlider(question.text, question.part, (loudness) => give({ loudness }));
      this.#answer.replaceChildren(slider.element);
      return { show: (/** @type {ShownAnswer[]} */ own) => slider.show(own.at(-1)?.loudness ?? null), focus: () => slider.element.querySelector("input")?.focus() };
    }
    if (question.kind === "words") {
      const words = new AnswerWords(question.text, (body) => give({ body }));
      this.#answer.replaceChildren(words.element);
      return words;
    }
    const button = make("button", { type: "button", class: "button moment-button" }, "This moment", make("kbd", { class: "pill-key", "aria-hidden": "true", text: "M" }));
    button.setAttribute("aria-label", `This moment: ${question.text}`);
    button.addEventListener("click", () => this.tell("question-moment", { question }));
    this.#answer.replaceChildren(button);
    return { show: () => {}, focus: () => button.focus() };
  }

  /** @param {Question} question */
  #bandsTools(question) {
    const tool = (/** @type {string} */ text, /** @type {string} */ type) => {
      const button = make("button", { type: "button", class: "comment-action", "aria-label": `${text}: ${question.text}`, text });
      button.addEventListener("click", () => this.tell(type, { question }));
      return button;
    };
    return [tool("Edit", "question-edit"), tool("Withdraw", "question-withdraw")];
  }

  /** What this listener answered, each to be taken back. @param {Question} question @param {ShownAnswer[]} own */
  #showOwn(question, own) {
    const as = own.map(({ id, pending }) => `${id}${pending}`).join();
    if (this.#own.dataset.as === as) return;
    this.#own.dataset.as = as;
    const hadFocus = this.#own.contains(document.activeElement);
    this.#own.replaceChildren(...own.map((answer) => this.#ownItem(question, answer)));
    this.#own.hidden = own.length === 0;
    if (hadFocus) this.focus();
  }

  /** @param {Question} question @param {ShownAnswer} answer */
  #ownItem({ kind }, answer) {
    const says = saidBy(answer);
    const shown = kind === "moment" ? make("button", { type: "button", class: "pill", text: says, "aria-label": `Go to ${says}` }) : make("span", { text: says });
    if (kind === "moment") shown.addEventListener("click", () => this.tell("question-seek", { at: answer.at }));
    const back = make("button", { type: "button", class: "round", "aria-label": `Take back: ${says}`, text: "×" });
    back.addEventListener("click", () => this.tell("question-take-back", { answer }));
    const mark = make("span", { class: "question-mark", "aria-hidden": "true", text: answer.pending ? "…" : "✓" });
    return make("li", { class: answer.pending ? "pending" : undefined }, mark, shown, back);
  }

  /** Said only when it is true: kept means stored by the server. @param {ShownAnswer[]} own */
  #showState(own) {
    const waiting = own.some(({ pending }) => pending);
    const says = !own.length ? "" : waiting ? "On its way: kept in this browser until it arrives." : "Your answer is kept. You can change it any time.";
    if (this.#state.textContent !== says) this.#state.textContent = says;
  }

  /** The band sees them at once; a listener after answering, so that nobody says what others said. @param {Asked} asked @param {boolean} answered */
  #showResults({ question, answers, agreement, you, duration, waits }, answered) {
    const shown = you.member || (answered && !waits);
    this.#results.hidden = !shown;
    const as = shown ? JSON.stringify([question.id, answers, agreement, duration]) : "";
    if (as === this.#resultsAs) return;
    this.#resultsAs = as;
    const drawing = shown && answers.length ? picture(question, answers, agreement, duration) : null;
    const plain = make("p", { class: "agreement-plain", text: agreement?.plain ?? "" });
    const places = agreement?.places.length ? [this.#places(agreement)] : [];
    this.#results.replaceChildren(plain, ...(drawing ? [drawing] : []), ...places, ...measured(agreement));
  }

  /** @param {Agreement} agreement */
  #places({ places, listeners }) {
    const items = places.map((place) => {
      const span = clockSpan(place.start, clock(place.start) === clock(place.end) ? null : place.end);
      const button = make("button", { type: "button", class: "pill", text: `${span} · ${place.listeners} of ${listeners}` });
      button.addEventListener("click", () => this.tell("question-seek", { at: Math.max(0, place.start - 2) }));
      return make("li", {}, button);
    });
    return make("ul", { class: "agreement-places", "aria-label": "Where listeners meet" }, ...items);
  }
}

/** @param {Agreement | undefined} agreement */
function measured(agreement) {
  if (!agreement?.measured.length) return [];
  const lines = agreement.measured.map(({ plain }) => make("li", { text: plain }));
  return [make("div", { class: "agreement-measured" }, make("h4", { text: "What the file says" }), make("ul", {}, ...lines))];
}

/** @param {ShownAnswer} answer */
function saidBy({ at, across, away, loudness, body }) {
  if (at !== null) return clock(at);
  if (across !== null) return placeWords(across, away ?? 0);
  return loudness !== null ? loudnessWords(loudness) : (body ?? "");
}

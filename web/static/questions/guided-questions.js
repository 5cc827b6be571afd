import { find, tell } from "../kit/elements.js";
import { QuestionCard } from "./question-card.js";

/** The server takes no more. */
const MOST = 3;

/**
 * `<guided-questions>`: what the band asks, and for the band what listeners answered. The server draws the frame.
 *
 * Down: `show(asked)`, `focusOn(question)`. Up: `question-answer` {question, values}, `question-moment` {question},
 * `question-take-back` {answer}, `question-seek` {at}, `question-edit` {question}, `question-withdraw` {question}.
 */
export class GuidedQuestions extends HTMLElement {
  /** @type {Map<string, QuestionCard>} */
  #cards = new Map();

  /** @param {import("./question-card.js").Asked[]} asked in order @param {boolean} member */
  show(asked, member) {
    this.hidden = !asked.length && !member;
    const cards = new Map(asked.map(({ question }) => [question.id, this.#card(question.id)]));
    for (const [id, card] of this.#cards) if (!cards.has(id)) card.element.remove();
    this.#cards = cards;
    const list = find(this, ".question-cards");
    asked.forEach((one, place) => {
      const card = /** @type {QuestionCard} */ (cards.get(one.question.id));
      card.update(one);
      if (list.children[place] !== card.element) list.insertBefore(card.element, list.children[place] ?? null);
    });
    find(this, ".questions-ask").hidden = !asked.length && member;
    const room = this.querySelector(".ask-question");
    if (!(room instanceof HTMLButtonElement)) return;
    room.disabled = asked.length >= MOST;
    room.textContent = room.disabled ? "Three questions are enough" : "Ask your listeners";
  }

  /** @param {string} question */
  focusOn(question) {
    this.#cards.get(question)?.focus();
  }

  /** @param {string} question @param {string} words */
  refused(question, words) {
    this.#cards.get(question)?.refused(words);
  }

  /** The question whose card has the focus. */
  get focused() {
    return [...this.#cards].find(([, card]) => card.element.contains(document.activeElement))?.[0];
  }

  /** @param {string} id */
  #card(id) {
    return this.#cards.get(id) ?? new QuestionCard((type, detail) => tell(this, type, detail));
  }
}

customElements.define("guided-questions", GuidedQuestions);

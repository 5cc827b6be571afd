import { newId } from "../kit/identity.js";

/**
 * Answers to what the band asks: how they are sent, and how those not sent yet lie over the known ones. Pure but for
 * ids and the clock.
 *
 * @typedef {import("../kit/contract.js").Answer} Answer
 * @typedef {import("../kit/contract.js").Question} Question
 * @typedef {import("../kit/contract.js").Person} Person
 * @typedef {import("../feedback/comment-store.js").State} State
 * @typedef {import("../feedback/outbox.js").Entry} Entry
 * @typedef {{at?: number, across?: number, away?: number, loudness?: number, body?: string}} Values
 * @typedef {Answer & {pending?: boolean}} ShownAnswer
 */

/** @param {Question} question @param {Values} values @returns {Entry & {answer: string}} */
export function giving({ id: question, version, revision }, values) {
  const id = newId();
  const body = { id, revision, ...values };
  return { ...entry("answer", id, question, version), method: "POST", path: `/api/questions/${question}/answers`, body };
}

/** @param {Pick<Answer, "id" | "question" | "version">} answer @returns {Entry} */
export function takingBackAnswer({ id, question, version }) {
  return { ...entry("unanswer", id, question, version), method: "DELETE", path: `/api/answers/${id}` };
}

/** @param {Pick<Answer, "id" | "question" | "version">} answer @returns {Entry} */
export function bringingBackAnswer({ id, question, version }) {
  return { ...entry("reanswer", id, question, version), method: "POST", path: `/api/answers/${id}/restore` };
}

/** @param {"answer" | "unanswer" | "reanswer"} kind @param {string} answer @param {string} question @param {string} version */
function entry(kind, answer, question, version) {
  // Taking back and bringing back are one switch: the last word counts.
  const key = `${kind === "answer" ? "answer" : "unanswer"}:${answer}`;
  return { key, kind, comment: "", answer, question, version, body: undefined, written_at: new Date().toISOString(), refusal: null };
}

/** In the order in which they were asked. @param {State} state @param {string} version */
export function questionsOf(state, version) {
  const here = [...state.questions.values()].filter((one) => one.version === version && !one.removed);
  return here.sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id.localeCompare(b.id));
}

/**
 * Those of a version as the listener should see them, in the order in which they were given. To all but a moment a
 * listener has one answer, the latest.
 * @param {Iterable<Answer>} known @param {Entry[]} entries @param {Person} you @param {string} song
 * @param {string} version
 * @returns {ShownAnswer[]}
 */
export function answersIn(known, entries, you, song, version) {
  const inOrder = [...known].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id.localeCompare(b.id));
  /** @type {Map<string, ShownAnswer>} */
  const shown = new Map(inOrder.map((answer) => [answer.id, answer]));
  for (const waiting of entries) {
    const id = waiting.answer;
    const before = id ? (shown.get(id) ?? (waiting.kind === "answer" ? given(waiting, id, you, song) : undefined)) : undefined;
    if (!id || !before) continue;
    const now = { ...before, removed: waiting.kind === "unanswer", pending: true };
    if (!now.removed) for (const other of shown.values()) if (placeOf(other) === placeOf(now)) shown.set(other.id, { ...other, removed: true });
    // Put in anew, so that what was done last stands last.
    shown.delete(id);
    shown.set(id, now);
  }
  const here = [...shown.values()].filter((answer) => answer.version === version && !answer.removed);
  const latest = new Map(here.map((answer) => [placeOf(answer), answer]));
  return here.filter((answer) => latest.get(placeOf(answer)) === answer);
}

/** What only one answer can have. @param {Answer} answer */
const placeOf = ({ id, at, question, author }) => (at === null ? `${question} ${author.id}` : id);

/** @param {Entry} entry @param {string} id @param {Person} you @param {string} song @returns {Answer} */
function given({ version, question = "", body, written_at }, id, you, song) {
  const author = { id: you.id, kind: you.kind, name: you.name, hue: you.hue };
  const { at = null, across = null, away = null, loudness = null, body: words = null } = body;
  return { id, question, song, version, author, at, across, away, loudness, body: words, created_at: written_at, removed: false };
}

/**
 * Puts in what a request answered (nothing: it was taken back), unless an event told something newer since it was sent.
 * @param {State} state @param {string} id @param {Answer | null} answer @param {number} asOf
 * @returns {State}
 */
export function answerTold(state, id, answer, asOf) {
  const known = state.answers.get(id);
  const now = answer ?? (known && { ...known, removed: true });
  if (!now || (state.heard.get(id) ?? 0) > asOf) return state;
  return { ...state, answers: new Map(state.answers).set(id, now) };
}

/**
 * Takes over the questions and answers of one version, save what events told since they were asked for.
 * @param {State} state @param {string} version @param {Question[]} questions @param {Answer[]} answers @param {number} asOf
 * @returns {State}
 */
export function replaceAnswers(state, version, questions, answers, asOf) {
  const newer = (/** @type {{id: string}} */ { id }) => (state.heard.get(id) ?? 0) > asOf;
  /** @template {{id: string, version: string}} T @param {ReadonlyMap<string, T>} known @param {T[]} items */
  const replaced = (known, items) => {
    const kept = [...known.values()].filter((one) => one.version !== version || newer(one));
    return new Map([...kept, ...items.filter((item) => !newer(item))].map((one) => [one.id, one]));
  };
  return { ...state, questions: replaced(state.questions, questions), answers: replaced(state.answers, answers) };
}

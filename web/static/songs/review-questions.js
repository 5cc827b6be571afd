import { ApiError, request } from "../kit/api.js";
import { clock } from "../kit/clock.js";
import { find } from "../kit/elements.js";
import { showToast } from "../kit/toast.js";
import { bringingBackAnswer, giving, takingBackAnswer } from "../questions/answers.js";
import { AskDialog } from "../questions/ask-dialog.js";
import { GuidedQuestions } from "../questions/guided-questions.js";

/**
 * @typedef {import("./review-page.js").ReviewPage} ReviewPage
 * @typedef {import("../kit/contract.js").LiveEvent} LiveEvent
 * @typedef {import("../kit/contract.js").Version} Version
 * @typedef {import("../kit/contract.js").Question} Question
 * @typedef {import("../kit/contract.js").Answer} Answer
 * @typedef {import("../kit/contract.js").Agreement} Agreement
 */

/** Several answers in a row are summed up once. */
const SETTLES_WITHIN = 600;
/** A nervous thumb means one moment. Seconds of the music. */
const SAME_MOMENT = 1;

/** Guided listening on the review page: what the band asks, what was answered, and where listeners agree. */
export class ReviewQuestions {
  section = find(document, "guided-questions", GuidedQuestions);
  /** @type {Map<string, Agreement>} by question */
  #agreement = new Map();
  #of = "";
  #timer = 0;
  /** What the tick was set to, until the version says the same. @type {{version: string, wanted: boolean} | null} */
  #ticked = null;

  /** @param {ReviewPage} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {import("../kit/scope.js").Scope} scope */
  watch(scope) {
    const on = (/** @type {string} */ type, /** @type {(detail: any) => void} */ action) =>
      scope.on(this.section, type, ({ detail }) => action(detail));
    on("question-answer", ({ question, values }) => void this.page.feed.change(giving(question, values)));
    on("question-moment", ({ question }) => this.#mark(question));
    on("question-take-back", ({ answer }) => this.#takeBack(answer));
    on("question-seek", ({ at }) => this.page.player.seek(at));
    on("question-withdraw", ({ question }) => void this.#withdraw(question));
    if (this.page.feed.you.member) this.#watchAsking(scope, on);
  }

  draw() {
    const { feed, versionId, version } = this.page;
    if (this.#of !== versionId) this.#startAfresh();
    const [answers, waits] = [feed.answers(versionId), feed.state.waits.includes(versionId)];
    const asked = feed.questions(versionId).map((question) => ({
      question,
      answers: answers.filter((answer) => answer.question === question.id),
      agreement: this.#agreement.get(question.id),
      you: feed.you,
      duration: version?.duration ?? 0,
      waits,
    }));
    this.section.show(asked, feed.you.member);
    const tick = /** @type {HTMLInputElement | null} */ (this.section.querySelector(".protect-first-listen"));
    if (tick) tick.checked = this.#protection(version);
  }

  /** @param {LiveEvent} event */
  heard({ question, answer, version, type }) {
    const about = question?.version ?? answer?.version ?? (type === "version.ready" ? version?.id : "");
    if (about === this.page.versionId) this.#askSoon();
  }

  /** By key: a moment for the question that has the focus, else for the first that asks for one. */
  markMoment() {
    const moments = this.page.feed.questions(this.page.versionId).filter(({ kind }) => kind === "moment");
    const question = moments.find(({ id }) => id === this.section.focused) ?? moments[0];
    if (question && this.page.feed.you.may_comment) this.#mark(question);
  }

  /** @param {import("../feedback/outbox.js").Entry} entry that the server would not take */
  refused({ question, body }) {
    if (question && body?.body) this.section.refused(question, body.body);
  }

  /** @param {import("../kit/scope.js").Scope} scope @param {(type: string, action: (detail: any) => void) => void} on */
  #watchAsking(scope, on) {
    const dialog = new AskDialog();
    dialog.watch(scope);
    scope.on(find(this.section, ".ask-question"), "click", () => void dialog.ask(this.page.versionId));
    on("question-edit", ({ question }) => dialog.edit(question));
    const tick = find(this.section, ".protect-first-listen", HTMLInputElement);
    scope.on(tick, "change", () => void this.#protect(tick));
  }

  /** @param {Question} question */
  #mark(question) {
    const { feed, player, versionId } = this.page;
    const at = Math.round(player.time * 1000) / 1000;
    const own = feed.answers(versionId).filter((answer) => answer.question === question.id && answer.author.id === feed.you.id);
    if (own.some((answer) => Math.abs((answer.at ?? 0) - at) < SAME_MOMENT)) return void showToast(`${clock(at)} is marked already.`);
    const entry = giving(question, { at });
    void feed.change(entry);
    const undo = () => this.#takeBack({ id: entry.answer, question: question.id, version: versionId });
    showToast(`${clock(at)} marked: ${question.text}`, { action: "Undo", onAction: undo });
  }

  /** @param {Pick<Answer, "id" | "question" | "version">} answer */
  #takeBack(answer) {
    const { feed } = this.page;
    void feed.change(takingBackAnswer(answer));
    showToast("Answer taken back.", { action: "Undo", onAction: () => void feed.change(bringingBackAnswer(answer)) });
  }

  /** @param {Question} question */
  async #withdraw({ id, text }) {
    await attempted(() => request("DELETE", `/api/questions/${id}`), () => {
      const restore = () => void attempted(() => request("POST", `/api/questions/${id}/restore`));
      showToast(`Withdrawn, with its answers: ${text}`, { action: "Undo", onAction: restore });
    });
  }

  /** @param {HTMLInputElement} tick */
  async #protect({ checked }) {
    const version = this.page.versionId;
    this.#ticked = { version, wanted: checked };
    if (await attempted(() => request("PATCH", `/api/versions/${version}`, { first_listen_protected: checked }))) return;
    this.#ticked = null;
    this.draw();
  }

  /** As the tick should stand: what else happens meanwhile does not set it back. @param {Version | undefined} version */
  #protection(version) {
    const known = version?.first_listen_protected ?? false;
    if (this.#ticked?.version !== version?.id || this.#ticked?.wanted === known) this.#ticked = null;
    return this.#ticked?.wanted ?? known;
  }

  #startAfresh() {
    this.#of = this.page.versionId;
    this.#agreement = new Map();
    this.#askSoon(0);
  }

  /** @param {number} [wait] */
  #askSoon(wait = SETTLES_WITHIN) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), wait);
  }

  async #ask() {
    const of = this.#of;
    if (!this.page.feed.questions(of).length) return;
    // What cannot be had now comes with the next answer or page; the answers themselves are there.
    const answer = await request("GET", `/api/versions/${of}/agreement`).catch(() => null);
    if (!answer || of !== this.#of) return;
    this.#agreement = new Map(answer.items.map((/** @type {Agreement} */ one) => [one.question, one]));
    this.page.press.afterwards(this);
  }
}

/** Whether it worked; else a toast says why not. @param {() => Promise<unknown>} action @param {() => void} [then] */
async function attempted(action, then = () => {}) {
  try {
    await action();
    then();
    return true;
  } catch (error) {
    showToast(error instanceof ApiError ? error.message : "This did not work.");
    return false;
  }
}

import { find, make, tell } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import { placeOf } from "./carried.js";
import { fillComment, fillReply, newCommentRow, newReplyRow } from "./comment-item.js";

/**
 * @typedef {import("../kit/contract.js").You} You
 * @typedef {import("./comment-store.js").Filter} Filter
 * @typedef {import("./comment-store.js").Thread} Thread
 */

/** Whoever moves the list themselves is left alone for so long. */
const HANDS_OFF = 4000;

/**
 * `<comment-panel>`: the list of comments and its filters; the server draws it, this keeps it true.
 *
 * Down: `show(threads, counts, filter, you, pageUrl)`, `light(ids, newest)`, `reveal(id)`. Up (bubbling, with
 * the comment's `id` in `detail`): `comment-filter` {filter}, `comment-seek`, `comment-reply` {body},
 * `comment-edit` {body}, `comment-done`, `comment-remove`, `comment-link`, `comment-retry`,
 * `comment-discard`, `comment-look` (the pointer or focus is on it; id null when it left); of one that came from an
 * earlier version `comment-origin`, `comment-answer` {word}, `comment-hear` {side: null for on and off}.
 */
export class CommentPanel extends HTMLElement {
  #scope = new Scope();
  #scrolledByHandAt = -HANDS_OFF;

  connectedCallback() {
    const scope = (this.#scope = new Scope());
    scope.on(this, "click", (event) => this.#clicked(event));
    scope.on(this, "submit", (event) => this.#submitted(event));
    scope.on(this, "keydown", (event) => this.#pressed(event));
    scope.on(this, "toggle", (event) => this.#opened(event), { capture: true });
    for (const type of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      scope.on(this.#scroller, type, () => (this.#scrolledByHandAt = performance.now()), { passive: true });
    }
    for (const type of ["pointerover", "focusin"]) {
      scope.on(this.#scroller, type, (event) => tell(this, "comment-look", { id: idOf(event.target) }));
    }
    scope.on(this.#scroller, "pointerleave", () => tell(this, "comment-look", { id: null }));
    scope.on(this.#scroller, "focusout", () => tell(this, "comment-look", { id: null }));
  }

  disconnectedCallback() {
    this.#scope.dispose();
  }

  get #list() {
    return find(this, "#comments");
  }

  /** The list of what has its place in the music, and those of what came along without one. */
  get #lists() {
    const groups = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".carried-group")]);
    return [
      { section: null, list: this.#list, place: "found" },
      ...groups.map((section) => ({ section, list: find(section, "ol"), place: section.dataset.place })),
    ];
  }

  get #scroller() {
    return find(this, ".comment-scroll");
  }

  /**
   * @param {Thread[]} threads those to show @param {{open: number, done: number, mentioned: number}} counts
   * @param {Filter} filter @param {You} you @param {string} pageUrl
   * @param {import("./carried-item.js").Hearing} [hearing]
   */
  show(threads, counts, filter, you, pageUrl, hearing = null) {
    const fill = (/** @type {HTMLElement} */ row, /** @type {Thread} */ thread) => {
      fillComment(row, thread, you, pageUrl, hearing);
      const replies = find(row, ".replies");
      arrange(replies, thread.replies, (reply) => reply.id, newReplyRow, (item, reply) => fillReply(item, reply, you));
      replies.hidden = thread.replies.length === 0;
    };
    for (const { section, list, place } of this.#lists) {
      const here = threads.filter((thread) => placeOf(thread) === place);
      arrange(list, here, ({ comment }) => comment.id, newCommentRow, fill);
      if (section) section.hidden = here.length === 0;
    }
    this.#showFilters(counts, filter);
    const empty = find(this, ".comments-empty");
    empty.hidden = threads.length > 0;
    empty.textContent = emptySentence(filter, you);
  }

  /** @param {string[]} ids under the play head @param {string | undefined} newest just came under it */
  light(ids, newest) {
    for (const article of this.querySelectorAll("article.comment")) {
      article.classList.toggle("lit", ids.includes(idOf(article) ?? ""));
    }
    const handsOff = performance.now() - this.#scrolledByHandAt < HANDS_OFF || this.#beingWritten();
    if (newest && !handsOff) this.#scrollTo(newest);
  }

  /** Shows one comment whatever the listener was doing: they asked for it. @param {string} id */
  reveal(id) {
    const article = document.getElementById(`comment-${id}`);
    if (!article) return;
    article.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    article.classList.remove("found");
    // Reading a size makes the browser start the animation afresh.
    void article.offsetWidth;
    article.classList.add("found");
  }

  /** For whoever came by a key: the next Tab leads to what can be done with it. @param {string} id */
  focusOn(id) {
    const article = document.getElementById(`comment-${id}`);
    if (!article) return;
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
  }

  /** Only the list moves, never the page under the listener. @param {string} id */
  #scrollTo(id) {
    const scroller = this.#scroller;
    const row = document.getElementById(`comment-${id}`);
    if (!row || scroller.scrollHeight <= scroller.clientHeight) return;
    const [frame, box] = [scroller.getBoundingClientRect(), row.getBoundingClientRect()];
    if (box.top >= frame.top && box.bottom <= frame.bottom) return;
    const top = scroller.scrollTop + box.top - frame.top - (frame.height - box.height) / 3;
    scroller.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
  }

  #beingWritten() {
    return this.#scroller.contains(document.activeElement) && document.activeElement?.matches("textarea");
  }

  /** @param {{open: number, done: number, mentioned: number}} counts @param {Filter} filter */
  #showFilters(counts, filter) {
    for (const pill of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-filter]"))) {
      if (pill.dataset.filter === filter) pill.setAttribute("aria-current", "true");
      else pill.removeAttribute("aria-current");
      const of = /** @type {"open" | "done" | "mentioned"} */ (pill.dataset.filter);
      const count = pill.querySelector(".filter-count");
      if (count) count.textContent = String(counts[of]);
      // Of use to whom it happened only.
      if (pill.dataset.filter === "mentioned") pill.hidden = !counts.mentioned && filter !== "mentioned";
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const pill = /** @type {HTMLElement | null} */ (target.closest("[data-filter]"));
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (pill) {
      event.preventDefault();
      return tell(this, "comment-filter", { filter: pill.dataset.filter });
    }
    const id = idOf(target);
    if (!id) return;
    if (target.closest(".comment-time")) {
      event.preventDefault();
      tell(this, "comment-seek", { id });
    } else if (target.closest(".carried-origin")) {
      event.preventDefault();
      tell(this, "comment-origin", { id });
    } else if (target.closest(".hear-button")) tell(this, "comment-hear", { id, side: null });
    else if (target.closest(".hear-side")) tell(this, "comment-hear", { id, side: sideOf(target) });
    else if (target.closest(".link-button")) tell(this, "comment-link", { id });
    else if (target.closest(".edit-button, [data-does=rewrite]")) this.#edit(id);
    else if (target.closest("[data-does=retry]")) tell(this, "comment-retry", { id });
    else if (target.closest("[data-does=discard]")) tell(this, "comment-discard", { id });
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const id = idOf(form);
    if (!id || form.id === "composer") return;
    event.preventDefault();
    if (form.matches(".verdict-form")) tell(this, "comment-answer", { id, word: wordOf(event.submitter) });
    else if (form.matches(".done-form")) tell(this, "comment-done", { id });
    else if (form.matches(".remove-form")) tell(this, "comment-remove", { id });
    else this.#written(form, id);
  }

  /** @param {HTMLFormElement} form @param {string} id */
  #written(form, id) {
    const field = find(form, "textarea", HTMLTextAreaElement);
    const body = field.value.trim();
    if (!body) return;
    tell(this, form.matches(".edit-form") ? "comment-edit" : "comment-reply", { id, body });
    if (form.matches(".edit-form")) return closeEdit(form);
    field.value = "";
    const box = form.closest("details");
    if (box) box.open = false;
  }

  /** Ctrl+Enter sends, Escape puts an edit away. @param {KeyboardEvent} event */
  #pressed(event) {
    const field = /** @type {HTMLElement} */ (event.target).closest("textarea");
    if (!field?.form || field.form.id === "composer") return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form.requestSubmit();
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (field.form.matches(".edit-form")) closeEdit(field.form);
    else find(this, `#comment-${idOf(field)} details`, HTMLDetailsElement).open = false;
  }

  /** Who opens a reply wants to write it. @param {Event} event */
  #opened({ target }) {
    if (!(target instanceof HTMLDetailsElement) || !target.open) return;
    target.scrollIntoView({ block: "nearest" });
    find(target, "textarea").focus();
  }

  /** @param {string} id */
  #edit(id) {
    const body = find(this, `#comment-${id} .comment-body`);
    const holder = body.closest(".reply-line") ?? body;
    if (holder.nextElementSibling?.matches(".edit-form")) return;
    const field = /** @type {HTMLTextAreaElement} */ (make("textarea", { rows: "3", required: "", maxlength: "5000", "aria-label": "Your comment" }));
    field.value = body.textContent ?? "";
    const cancel = make("button", { type: "button", class: "button", text: "Cancel" });
    const save = make("button", { type: "submit", class: "button button-primary", text: "Save" });
    const form = /** @type {HTMLFormElement} */ (make("form", { class: "edit-form" }, field, make("div", { class: "edit-row" }, cancel, save)));
    cancel.addEventListener("click", () => closeEdit(form));
    holder.classList.add("being-edited");
    holder.after(form);
    form.scrollIntoView({ block: "nearest" });
    field.focus();
  }
}

/** @param {HTMLFormElement} form */
function closeEdit(form) {
  form.previousElementSibling?.classList.remove("being-edited");
  const button = /** @type {HTMLElement | null} */ (form.closest("[data-id]")?.querySelector(".edit-button"));
  form.remove();
  button?.focus();
}

/** @param {Element} inside */
const idOf = (inside) => /** @type {HTMLElement | null} */ (inside.closest("[data-id]"))?.dataset.id ?? null;

/** @param {Element} inside */
const sideOf = (inside) => /** @type {HTMLElement | null} */ (inside.closest("[data-side]"))?.dataset.side;

/** Pressed again, an answer is taken back. @param {HTMLElement | null} button */
const wordOf = (button) => (button?.getAttribute("aria-pressed") === "true" ? null : (button?.dataset.verdict ?? null));

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {Filter} filter @param {You} you */
function emptySentence(filter, you) {
  if (filter === "done") return "Nothing is marked done yet.";
  if (filter === "mentioned") return "Nobody has mentioned you here yet.";
  if (filter === "mine") return "You have not said anything here yet.";
  return you.may_comment ? "No open comments. Play the song and say what you hear." : "No open comments.";
}

/**
 * Makes the children of `list` show `items`, keeping those already there, since one of them may hold the
 * focus or a half-written reply.
 * @template T
 * @param {HTMLElement} list @param {T[]} items @param {(item: T) => string} idOfItem
 * @param {() => HTMLElement} create @param {(row: HTMLElement, item: T) => void} fill
 */
function arrange(list, items, idOfItem, create, fill) {
  const rowId = (/** @type {Element} */ row) => idOf(row) ?? idOf(row.firstElementChild ?? row) ?? "";
  const present = new Map([...list.children].map((row) => [rowId(row), /** @type {HTMLElement} */ (row)]));
  items.forEach((item, place) => {
    const row = present.get(idOfItem(item)) ?? create();
    present.delete(idOfItem(item));
    fill(row, item);
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
  for (const row of present.values()) row.remove();
}

customElements.define("comment-panel", CommentPanel);

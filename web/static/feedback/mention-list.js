import { avatar, make } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";

/**
 * The list that opens at an @ in any of the fields where comments are written: a combobox whose listbox stands beside
 * the field, so that no scroller cuts it off. Arrows, Enter, Tab and Escape, or a finger.
 *
 * @typedef {import("../kit/contract.js").Person} Person
 * @typedef {{people(): Person[], picked(person: Person): void, opened(): void}} Source
 */

const MOST_SHOWN = 8;
const LONGEST = 80;
const GAP = 4;

export class MentionList {
  /** @type {HTMLTextAreaElement | null} where it is open */
  #field = null;
  /** @type {Person[]} */
  #shown = [];
  #active = 0;
  /** Where the @ stands. */
  #from = 0;
  /** Where somebody closed it by Escape; it stays closed there. */
  #closedAt = -1;

  /** @param {HTMLElement} root whose fields it serves @param {Source} source @param {Scope} scope */
  constructor(root, source, scope) {
    this.source = source;
    this.box = make("ul", { id: "mention-list", class: "mention-list", role: "listbox", "aria-label": "Whom to mention" });
    this.news = make("p", { class: "visually-hidden", role: "status" });
    this.box.hidden = true;
    document.body.append(this.box, this.news);
    scope.add(() => (this.box.remove(), this.news.remove()));
    // Before the field's own keys: an Enter that picks a name is no line end, an Escape leaves the words alone.
    scope.on(root, "keydown", (event) => this.#pressed(event), { capture: true });
    scope.on(root, "input", (event) => this.#look(event.target));
    scope.on(root, "click", (event) => this.#look(event.target));
    scope.on(root, "focusout", () => this.#close());
    scope.on(this.box, "pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    scope.on(this.box, "click", (event) => this.#clicked(event));
    for (const type of ["scroll", "resize"]) scope.on(window, type, () => this.#place(), { passive: true, capture: true });
  }

  /** The people are known now, or others than before. */
  refresh() {
    if (this.#field) this.#look(this.#field);
  }

  /** @param {EventTarget | null} target */
  #look(target) {
    if (!(target instanceof HTMLTextAreaElement)) return;
    const asked = askedIn(target.value.slice(0, target.selectionEnd));
    if (!asked || asked.from === this.#closedAt) return this.#close();
    this.#closedAt = -1;
    this.source.opened();
    const found = matching(this.source.people(), asked.query).slice(0, MOST_SHOWN);
    if (!found.length) {
      this.#close();
      // The people may be on their way still.
      this.#field = document.activeElement === target ? target : null;
      return;
    }
    this.#open(target, asked.from, found);
  }

  /** @param {HTMLTextAreaElement} field @param {number} from @param {Person[]} found */
  #open(field, from, found) {
    const before = this.#shown[this.#active]?.id;
    this.#field = field;
    this.#from = from;
    this.#shown = found;
    this.#active = Math.max(0, found.findIndex(({ id }) => id === before));
    this.box.replaceChildren(...found.map(option));
    this.box.hidden = false;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": this.box.id, "aria-expanded": "true" })) {
      field.setAttribute(name, value);
    }
    this.#mark();
    this.#place();
    this.news.textContent = found.length === 1 ? `${found[0]?.name}: Enter takes the name.` : `${found.length} people. Arrows choose, Enter takes the name.`;
  }

  #close() {
    if (this.#field) for (const name of ["role", "aria-autocomplete", "aria-controls", "aria-expanded", "aria-activedescendant"]) this.#field.removeAttribute(name);
    this.#field = null;
    this.#shown = [];
    this.box.hidden = true;
    this.news.textContent = "";
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (this.box.hidden || event.target !== this.#field || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const count = this.#shown.length;
    /** @type {Record<string, () => void>} */
    const actions = {
      ArrowDown: () => this.#choose((this.#active + 1) % count),
      ArrowUp: () => this.#choose((this.#active + count - 1) % count),
      Enter: () => this.#take(this.#active),
      Tab: () => this.#take(this.#active),
      Escape: () => this.#dismiss(),
    };
    const action = event.shiftKey ? undefined : actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  #dismiss() {
    this.#closedAt = this.#from;
    this.#close();
  }

  /** @param {number} place */
  #choose(place) {
    this.#active = place;
    this.#mark();
  }

  #mark() {
    [...this.box.children].forEach((row, place) => {
      row.setAttribute("aria-selected", String(place === this.#active));
      if (place === this.#active) row.scrollIntoView({ block: "nearest" });
    });
    this.#field?.setAttribute("aria-activedescendant", `mention-${this.#active}`);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const row = /** @type {Element} */ (event.target).closest("[role=option]");
    const place = [...this.box.children].findIndex((each) => each === row);
    if (place >= 0) this.#take(place);
  }

  /** @param {number} place */
  #take(place) {
    const [field, person] = [this.#field, this.#shown[place]];
    if (!field || !person) return;
    this.source.picked(person);
    const end = field.selectionEnd;
    const space = field.value[end] === " " ? "" : " ";
    field.setRangeText(`@${person.name}${space}`, this.#from, end, "end");
    if (!space) field.setSelectionRange(field.selectionEnd + 1, field.selectionEnd + 1);
    this.#close();
    // As if it had been typed: the field grows, the draft is kept, others see the typing.
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Beside the field: above it where there is room, since a phone's keyboard comes from below. */
  #place() {
    if (this.box.hidden || !this.#field) return;
    const [frame, height] = [this.#field.getBoundingClientRect(), this.box.offsetHeight];
    const above = frame.top - height - GAP;
    this.box.style.left = `${Math.max(GAP, Math.min(frame.left, innerWidth - this.box.offsetWidth - GAP))}px`;
    this.box.style.top = `${above >= GAP ? above : Math.min(frame.bottom + GAP, innerHeight - height - GAP)}px`;
  }
}

/** @param {Person} person @param {number} place */
function option(person, place) {
  const face = avatar(person);
  face.setAttribute("aria-hidden", "true");
  const row = make("li", { id: `mention-${place}`, role: "option", class: "mention-option", "aria-selected": "false" });
  const kind = make("span", { class: "mention-kind", text: person.kind === "person" ? "band" : "listener" });
  row.append(face, make("span", { class: "mention-name", text: person.name }), " ", kind);
  return row;
}

/**
 * What is asked for by the last @ before the caret; names have spaces, so it may go on over some.
 * @param {string} before @returns {{from: number, query: string} | null}
 */
export function askedIn(before) {
  const match = /(?:^|[^\p{L}\p{N}_@])@([^@\n]*)$/u.exec(before);
  const query = match?.[1];
  if (query === undefined || query.length > LONGEST || /^\s/.test(query)) return null;
  return { from: before.length - query.length - 1, query };
}

/** Those whose name, or a later word of it, begins so; a name written out in full needs no list. @param {Person[]} people @param {string} query */
export function matching(people, query) {
  const asked = plain(query);
  const begins = (/** @type {Person} */ { name }) => {
    const words = plain(name);
    return words !== asked.trimEnd() && (words.startsWith(asked) || words.includes(` ${asked}`));
  };
  const first = (/** @type {Person} */ { name }) => Number(!plain(name).startsWith(asked));
  return people.filter(begins).sort((one, other) => first(one) - first(other));
}

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

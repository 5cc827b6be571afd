import { ApiError, request } from "../kit/api.js";
import { find, make } from "../kit/elements.js";
import { newId } from "../kit/identity.js";
import { KINDS } from "./words.js";

/**
 * @typedef {import("../kit/contract.js").Question} Question
 * @typedef {{kind: import("../kit/contract.js").QuestionKind, text: string, part: string}} Wording
 */

/** The dialog in which the band asks a question of its stage's list, or one of its own. The question itself comes back as an event. */
export class AskDialog {
  #dialog = /** @type {HTMLDialogElement} */ (find(document, "#ask-dialog"));
  #form = find(this.#dialog, "form", HTMLFormElement);
  #list = find(this.#dialog, ".suggested");
  /** @type {{path: string, method: string, id?: string}} */
  #to = { path: "", method: "POST" };

  /** @param {import("../kit/scope.js").Scope} scope */
  watch(scope) {
    scope.on(this.#form, "submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    scope.on(this.#form, "change", () => this.#showPart());
    scope.on(find(this.#dialog, "[data-closes]"), "click", () => this.#dialog.close());
  }

  /** @param {string} version */
  async ask(version) {
    // One id for as long as the dialog is open: pressed twice on a bad line, it is asked once.
    this.#to = { path: `/api/versions/${version}/questions`, method: "POST", id: newId() };
    this.#open("Ask your listeners", { kind: "moment", text: "", part: "" });
    const answer = await request("GET", `/api/versions/${version}/questions/suggested`).catch(() => ({ items: [] }));
    this.#list.replaceChildren(...answer.items.map((/** @type {Wording} */ one) => this.#suggestion(one)));
    this.#list.hidden = !answer.items.length;
  }

  /** @param {Question} question */
  edit(question) {
    this.#to = { path: `/api/questions/${question.id}`, method: "PATCH" };
    this.#open("Edit the question", question);
    this.#list.hidden = true;
  }

  /** @param {string} title @param {Wording} wording */
  #open(title, wording) {
    find(this.#dialog, "h2").textContent = title;
    this.#complain("");
    this.#fill(wording);
    this.#dialog.showModal();
  }

  /** @param {Wording} wording */
  #suggestion(wording) {
    const kind = make("span", { class: "suggested-kind", text: KINDS[wording.kind] });
    const button = make("button", { type: "button", class: "suggested-one" }, make("span", { text: wording.text }), kind);
    button.addEventListener("click", () => {
      this.#fill(wording);
      this.#field("text").focus();
    });
    return make("li", {}, button);
  }

  /** @param {Wording} wording */
  #fill({ kind, text, part }) {
    this.#field("text").value = text;
    this.#field("part").value = part;
    this.#field("kind").value = kind;
    this.#showPart();
  }

  #showPart() {
    find(this.#dialog, ".ask-part").hidden = this.#field("kind").value !== "slider";
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }

  async #save() {
    const [text, part, kind] = ["text", "part", "kind"].map((name) => this.#field(name).value.trim());
    const wording = { kind, text, ...(kind === "slider" ? { part } : {}) };
    const { path, method, id } = this.#to;
    try {
      await request(method, path, id ? { id, ...wording } : wording);
      this.#dialog.close();
    } catch (error) {
      this.#complain(error instanceof ApiError ? error.message : "This did not work.");
    }
  }

  /** @param {string} message */
  #complain(message) {
    const line = find(this.#dialog, ".dialog-error");
    line.textContent = message;
    line.hidden = !message;
  }
}

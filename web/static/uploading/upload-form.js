import { find } from "../kit/elements.js";
import { Scope } from "../kit/scope.js";
import { refusalOf } from "./refusal.js";
import { UploadRow } from "./upload-row.js";

/**
 * <upload-form>: the plain form inside keeps working without it. With it files are dropped or chosen, several at once
 * become versions in the order shown, and each goes up in pieces that survive a dropped line.
 */
export class UploadForm extends HTMLElement {
  #scope = new Scope();
  /** @type {UploadRow[]} */
  #rows = [];
  #sending = false;

  connectedCallback() {
    this.#scope = new Scope();
    this.form = find(this, "form", HTMLFormElement);
    this.input = find(this, 'input[type="file"]', HTMLInputElement);
    this.area = find(this, ".drop-area");
    this.list = find(this, ".upload-rows");
    this.problem = find(this, ".upload-problem");
    this.input.multiple = true;
    this.input.required = false;
    this.classList.add("enhanced");
    this.#scope.on(this.input, "change", () => this.#add(this.input?.files));
    this.#scope.on(this.form, "submit", (event) => {
      event.preventDefault();
      this.#sendAll();
    });
    this.#listenForDrops();
    this.#scope.on(window, "beforeunload", (event) => this.#sending && event.preventDefault());
  }

  disconnectedCallback() {
    this.#scope.dispose();
  }

  /** The whole page takes a drop: one that misses the area would otherwise open the file in place of the page. */
  #listenForDrops() {
    /** @param {DragEvent} event */
    const hold = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.area?.classList.toggle("over", !this.#sending);
    };
    this.#scope.on(document, "dragover", hold);
    this.#scope.on(document, "dragleave", (event) => {
      if (!event.relatedTarget) this.area?.classList.remove("over");
    });
    this.#scope.on(document, "drop", (event) => {
      hold(event);
      this.area?.classList.remove("over");
      if (!this.#sending) this.#add(event.dataTransfer?.files);
    });
  }

  /** @param {FileList | null | undefined} files */
  #add(files) {
    const template = find(this, "template", HTMLTemplateElement);
    for (const file of files ?? []) {
      if (this.#rows.some((row) => sameFile(row.file, file))) continue;
      const refusal = refusalOf(file, this.#limit);
      const row = new UploadRow(file, template, refusal, (...move) => this.#move(...move), (...news) => this.#announce(...news));
      this.#rows.push(row);
      if (!refusal) row.findBegun(this.#endpoint, this.#song).then((begun) => begun && this.#recall(row, begun));
    }
    // So that the same file can be chosen again after it was removed.
    if (this.input) this.input.value = "";
    this.#draw();
  }

  /** @param {UploadRow} row @param {{[key: string]: string}} begun */
  #recall(row, begun) {
    row.label.value ||= begun.label ?? "";
    const label = this.#field("label");
    const notes = this.#field("notes");
    if (this.#rows.length === 1) label.value ||= begun.label ?? "";
    notes.value ||= begun.notes ?? "";
    const stage = this.querySelector(`input[name="stage"][value="${CSS.escape(begun.stage ?? "")}"]`);
    if (stage instanceof HTMLInputElement) stage.checked = true;
  }

  /** @param {UploadRow} row @param {"earlier" | "remove"} action */
  #move(row, action) {
    const place = this.#rows.indexOf(row);
    this.#rows.splice(place, 1);
    if (action === "earlier") this.#rows.splice(Math.max(0, place - 1), 0, row);
    this.#draw();
    const next = action === "earlier" ? row : this.#rows[Math.min(place, this.#rows.length - 1)];
    const button = next?.element.querySelector("button:not([hidden])");
    (button instanceof HTMLElement ? button : this.input)?.focus();
  }

  /** Several files: each has its own label, and there is an order to them. */
  #draw() {
    const several = this.#rows.length > 1;
    this.list?.replaceChildren(...this.#rows.map((row) => row.element));
    this.classList.toggle("several", several);
    this.classList.toggle("chosen", this.#rows.length > 0);
    for (const row of this.#rows) find(row.element, ".upload-label").hidden = !several || !row.unsent;
    const count = this.#rows.filter((row) => row.unsent).length;
    const some = this.#rows.some((row) => row.state === "done");
    const submit = find(this, ".upload-submit");
    submit.textContent = count > 1 ? `Upload ${count} versions` : "Upload the version";
    submit.hidden = some && !count;
    find(this, ".upload-go-on").hidden = !some;
    find(this, ".drop-invitation").textContent = this.#rows.length ? "Add another recording" : "Choose a recording";
    if (count && this.problem) this.problem.hidden = true;
  }

  async #sendAll() {
    const rows = this.#rows.filter((row) => row.unsent);
    if (!rows.length) return this.#askForAFile();
    // Read before the fields are closed: what is disabled has no value.
    const jobs = rows.map((row) => ({ row, details: this.#details(row) }));
    const title = document.title;
    this.#close(true);
    for (const { row, details } of jobs) await row.send(this.#endpoint, details);
    this.#close(false);
    document.title = title;
    if (this.#rows.every((row) => row.state === "done")) return location.assign(this.#after);
    this.#draw();
  }

  #askForAFile() {
    if (this.problem) this.problem.hidden = false;
    this.input?.focus();
  }

  /** @param {boolean} sending */
  #close(sending) {
    this.#sending = sending;
    this.classList.toggle("sending", sending);
    for (const part of this.querySelectorAll("fieldset")) part.disabled = sending;
    for (const row of this.#rows) row.label.disabled = sending;
    find(this, ".upload-submit", HTMLButtonElement).disabled = sending;
  }

  /** @param {UploadRow} row @returns {{[key: string]: string}} */
  #details(row) {
    const stage = this.querySelector('input[name="stage"]:checked');
    return {
      song: this.#song,
      stage: stage instanceof HTMLInputElement ? stage.value : "",
      label: (this.#rows.length > 1 ? row.label : this.#field("label")).value.trim(),
      notes: this.#field("notes").value.trim(),
    };
  }

  /** For ears: each change of state once, never every percent. @param {UploadRow} row @param {string} words */
  #announce(row, words) {
    find(this, ".upload-news").textContent = `${row.file.name}: ${words}`;
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | HTMLTextAreaElement} */ (find(this, `[name="${name}"]`));
  }

  get #limit() {
    return { bytes: Number(this.dataset.limitBytes ?? 0), words: this.dataset.limitWords ?? "" };
  }

  get #endpoint() {
    return this.dataset.endpoint ?? "";
  }

  get #song() {
    return this.dataset.song ?? "";
  }

  get #after() {
    return this.dataset.after ?? "/";
  }
}

/** @param {File} a @param {File} b */
const sameFile = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

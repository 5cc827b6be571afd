import { ApiError, request } from "../kit/api.js";
import { find } from "../kit/elements.js";
import { showToast } from "../kit/toast.js";

/** @typedef {import("../kit/contract.js").Version} Version */

/**
 * The dialog in which members change a version's words or delete it. The change itself comes back as an event.
 * @param {import("../kit/scope.js").Scope} scope
 * @param {() => Version | undefined} current
 */
export function watchVersionDialog(scope, current) {
  const opener = document.querySelector(".edit-version");
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("version-dialog"));
  if (!opener || !dialog) return;
  const form = find(dialog, "form", HTMLFormElement);
  scope.on(opener, "click", () => open(dialog, form, current()));
  scope.on(form, "submit", (event) => {
    event.preventDefault();
    save(dialog, form, current());
  });
  scope.on(find(dialog, ".delete-version"), "click", () => remove(dialog, current()));
  scope.on(find(dialog, "[data-closes]"), "click", () => dialog.close());
}

/** @param {HTMLFormElement} form @param {string} name */
const field = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/** @param {HTMLDialogElement} dialog @param {HTMLFormElement} form @param {Version | undefined} version */
function open(dialog, form, version) {
  if (!version) return;
  find(dialog, "h2").textContent = `Version ${version.number}`;
  field(form, "stage").value = version.stage;
  field(form, "label").value = version.label ?? "";
  field(form, "notes").value = version.notes ?? "";
  complain(dialog, "");
  dialog.showModal();
}

/** @param {HTMLDialogElement} dialog @param {HTMLFormElement} form @param {Version | undefined} version */
async function save(dialog, form, version) {
  if (!version) return;
  const words = Object.fromEntries(["stage", "label", "notes"].map((name) => [name, field(form, name).value.trim()]));
  try {
    await request("PATCH", `/api/versions/${version.id}`, words);
    dialog.close();
  } catch (error) {
    complain(dialog, sentence(error));
  }
}

/** @param {HTMLDialogElement} dialog @param {Version | undefined} version */
async function remove(dialog, version) {
  if (!version) return;
  try {
    await request("DELETE", `/api/versions/${version.id}`);
    dialog.close();
    showToast(`v${version.number} was deleted.`, { action: "Undo", onAction: () => restore(version) });
  } catch (error) {
    complain(dialog, sentence(error));
  }
}

/** @param {Version} version */
function restore(version) {
  request("POST", `/api/versions/${version.id}/restore`).catch((error) => showToast(sentence(error)));
}

/** @param {unknown} error */
const sentence = (error) => (error instanceof ApiError ? error.message : "This did not work.");

/** @param {HTMLDialogElement} dialog @param {string} message */
function complain(dialog, message) {
  const line = find(dialog, ".dialog-error");
  line.textContent = message;
  line.hidden = !message;
}

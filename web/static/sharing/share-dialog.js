import { ApiError, request } from "../kit/api.js";
import { copyText } from "../kit/copy.js";
import { find } from "../kit/elements.js";

/**
 * "Share private link" opens a dialog instead of going to the page of links: two clicks to a link.
 * @param {import("../kit/scope.js").Scope} scope
 * @param {string} song
 */
export function watchShareDialog(scope, song) {
  const opener = document.getElementById("share");
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("share-dialog"));
  if (!opener || !dialog) return;
  const form = find(dialog, "form", HTMLFormElement);
  scope.on(opener, "click", (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    begin(dialog);
    dialog.showModal();
  });
  scope.on(form, "submit", (event) => {
    event.preventDefault();
    makeLink(dialog, form, song);
  });
  scope.on(find(dialog, ".share-another"), "click", () => begin(dialog));
  scope.on(find(dialog, ".share-copy"), "click", () => copyText(urlField(dialog).value, "The link is copied."));
  for (const button of dialog.querySelectorAll("[data-closes]")) scope.on(button, "click", () => dialog.close());
  // The link is shown once: it does not stay behind in a closed dialog.
  scope.on(dialog, "close", () => begin(dialog));
}

/** @param {HTMLElement} dialog */
const urlField = (dialog) => find(dialog, ".share-url input", HTMLInputElement);

/** @param {HTMLElement} dialog */
function begin(dialog) {
  find(dialog, "form", HTMLFormElement).reset();
  find(dialog, "form").hidden = false;
  find(dialog, ".share-made").hidden = true;
  find(dialog, ".share-code").replaceChildren();
  urlField(dialog).value = "";
  complain(dialog, "");
}

/** @param {HTMLElement} dialog @param {HTMLFormElement} form @param {string} song */
async function makeLink(dialog, form, song) {
  const submit = find(form, "[type=submit]", HTMLButtonElement);
  submit.disabled = true;
  try {
    showLink(dialog, await request("POST", `/api/songs/${song}/links`, wishes(new FormData(form))));
  } catch (error) {
    complain(dialog, error instanceof ApiError ? error.message : "The link could not be made.");
  } finally {
    submit.disabled = false;
  }
}

/** @param {FormData} data */
export function wishes(data) {
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  const versions = text("versions");
  return {
    may_comment: data.has("may_comment"),
    may_download: data.has("may_download"),
    versions: versions === "all" || versions === "latest" ? versions : [versions],
    ...(text("name") ? { name: text("name") } : {}),
    ...(text("password") ? { password: text("password") } : {}),
    ...(text("expires_at") ? { expires_at: endOfDay(text("expires_at")) } : {}),
  };
}

/** The chosen day is the last one on which the link works. @param {string} date as 2026-05-12 */
function endOfDay(date) {
  return new Date(`${date}T23:59:59`).toISOString();
}

/** @param {HTMLElement} dialog @param {{url: string, qr: string}} link */
function showLink(dialog, { url, qr }) {
  find(dialog, "form").hidden = true;
  find(dialog, ".share-made").hidden = false;
  urlField(dialog).value = url;
  const picture = new DOMParser().parseFromString(qr, "text/html").querySelector("svg");
  if (picture) {
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", "QR code of the link");
    find(dialog, ".share-code").replaceChildren(document.importNode(picture, true));
  }
  find(dialog, ".share-copy").focus();
}

/** @param {HTMLElement} dialog @param {string} message */
function complain(dialog, message) {
  const line = find(dialog, ".dialog-error");
  line.textContent = message;
  line.hidden = !message;
}

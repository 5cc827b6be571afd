const SHOWN_FOR = 8000;

/**
 * A short message at the foot of the page, with at most one action such as Undo.
 * @param {string} message
 * @param {{action?: string, onAction?: () => void}} [options]
 * @returns {() => void} takes it away, for whoever has something newer to say
 */
export function showToast(message, { action, onAction } = {}) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(text("span", message));
  const close = () => toast.remove();
  if (action && onAction) {
    const button = /** @type {HTMLButtonElement} */ (text("button", action));
    button.type = "button";
    button.addEventListener("click", () => {
      close();
      onAction();
    });
    toast.append(button);
  }
  shelf().append(toast);
  closeLater(toast, close);
  return close;
}

/** What the newest message offers, for a key: its button stands far from everything in the order of the page. */
export function pressNewestToast() {
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".toast button"));
  [...buttons].at(-1)?.click();
}

/** Nobody should have to hurry to Undo: the time does not run while the pointer or the focus is on it.
 * @param {HTMLElement} toast @param {() => void} close */
function closeLater(toast, close) {
  let timer = setTimeout(close, SHOWN_FOR);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(close, SHOWN_FOR / 2);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
}

/** One live region for all of them: a region made together with its text is often not read out. */
function shelf() {
  const region = document.getElementById("toasts") ?? newShelf();
  // Behind an open dialog nothing can be pressed or heard.
  const place = document.querySelector("dialog[open]") ?? document.body;
  if (region.parentElement !== place) place.append(region);
  return region;
}

function newShelf() {
  const made = document.createElement("div");
  made.id = "toasts";
  made.className = "toasts";
  made.setAttribute("role", "status");
  return made;
}

/** @param {string} tag @param {string} content */
function text(tag, content) {
  const element = document.createElement(tag);
  element.textContent = content;
  return element;
}

import { showToast } from "./toast.js";

/**
 * Puts text on the clipboard; where the browser forbids it (plain http), offers it for copying by hand.
 * @param {string} text @param {string} done what to say then
 */
export async function copyText(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    showToast(done);
  } catch {
    if (copyBySelection(text)) showToast(done);
    else window.prompt("Copy this:", text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const holder = document.createElement("textarea");
  holder.value = text;
  holder.className = "visually-hidden";
  const top = document.querySelector("dialog[open]") ?? document.body;
  top.append(holder);
  holder.select();
  const copied = document.execCommand("copy");
  holder.remove();
  return copied;
}

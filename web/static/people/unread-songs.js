import { request } from "../kit/api.js";
import { find } from "../kit/elements.js";

/** Keeps the counts of what is new true while the list of songs is looked at. */

const EVERY = 10_000;

async function refresh() {
  if (document.visibilityState !== "visible" || !document.querySelector(".song-new")) return;
  // Without an answer the counts stay as they are; the next one comes soon.
  const list = await request("GET", "/api/unread").catch(() => null);
  for (const { song, unread, mentions } of list?.items ?? []) {
    const row = document.querySelector(`.song-new[data-song="${song}"]`);
    if (!row) continue;
    show(row, ".new-count", ".song-unread", unread);
    show(row, ".mention-count", ".song-mentions", mentions);
  }
}

/** @param {Element} row @param {string} link @param {string} number @param {number} count */
function show(row, link, number, count) {
  find(row, link).hidden = count === 0;
  find(row, number).textContent = String(count);
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
window.addEventListener("pageshow", (event) => event.persisted && refresh());

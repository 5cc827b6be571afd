import { parseClock } from "../kit/clock.js";

/**
 * Addresses of places in a song. Pure.
 *
 * @typedef {{version: number | null, at: number | null, comment: string | null, show: string | null}} Place
 */

/** @param {string} search such as "?v=8&t=83.2" @returns {Place} */
export function placeIn(search) {
  const query = new URLSearchParams(search);
  return {
    version: numberOf(query.get("v")),
    at: parseClock(query.get("t") ?? ""),
    comment: query.get("comment"),
    show: query.get("show"),
  };
}

/** @param {string} pageUrl @param {Partial<Place>} place */
export function addressOf(pageUrl, { version = null, at = null, comment = null, show = null }) {
  const query = new URLSearchParams();
  if (version !== null) query.set("v", String(version));
  if (at !== null) query.set("t", String(Math.round(at * 10) / 10));
  if (comment !== null) query.set("comment", comment);
  if (show !== null && show !== "open") query.set("show", show);
  return query.size ? `${pageUrl}?${query}` : pageUrl;
}

/** @param {string | null} text */
function numberOf(text) {
  const value = Number(text);
  return text && Number.isFinite(value) && value >= 0 ? value : null;
}

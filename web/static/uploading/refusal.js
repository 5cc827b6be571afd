import { sizeInWords } from "./words.js";

/** What can be said about a file before a byte is sent; the server looks inside it.
 * @param {{name: string, size: number, type: string}} file
 * @param {{bytes: number, words: string}} limit bytes 0: none known
 * @returns {string | null} a sentence, or null when it may go
 */
export function refusalOf(file, limit) {
  if (file.size === 0) return "This file is empty.";
  if (limit.bytes && file.size > limit.bytes) {
    return `This file is too big: it has ${sizeInWords(file.size)}, and ${limit.words} is the most.`;
  }
  if (/^(image|text)\//.test(file.type)) return "This is not a sound recording.";
  return null;
}

/** @type {Record<number, string>} */
const SENTENCES = {
  401: "You are signed out. Sign in in another tab, then send it again.",
  403: "You may not add a version here.",
  404: "This song is gone.",
  413: "This file is too big for the server.",
};

/** The server's own sentence where it sent one; something in front of it may have answered instead.
 * @param {number} status @param {string} body */
export function sentenceFrom(status, body) {
  try {
    const message = JSON.parse(body)?.error?.message;
    if (typeof message === "string" && message) return message;
  } catch {
    // No JSON: a proxy's own page.
  }
  return SENTENCES[status] ?? `The server did not take this file (${status}).`;
}

/** Whether the same bytes may do better a little later. @param {number} status 0 when no answer came */
export function mayPass(status) {
  return status === 0 || status >= 500 || [408, 409, 423, 425, 429, 460].includes(status);
}

/** How long to wait before the nth try again, in milliseconds. @param {number} attempt from 0 @param {number} luck 0 to 1 */
export function waitBefore(attempt, luck) {
  return Math.min(1000 * 2 ** attempt, 20_000) * (0.75 + luck / 2);
}

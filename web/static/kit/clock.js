const HOUR = 3600;
const MINUTE = 60;

/** @param {number} value */
const twoDigits = (value) => String(value).padStart(2, "0");

/** 83.2 → "1:23", 3725 → "1:02:05". @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const hours = Math.floor(whole / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const rest = twoDigits(whole % MINUTE);
  return hours ? `${hours}:${twoDigits(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** 83.26 → "1:23.2". @param {number} seconds */
export function clockTenths(seconds) {
  return `${clock(seconds)}.${tenths(seconds)}`;
}

/** The digit after the point; cut, not rounded, so that it never runs ahead. @param {number} seconds */
export function tenths(seconds) {
  return Math.floor(Math.max(0, seconds) * 10 + 1e-6) % 10;
}

/** "1:28 – 1:46", or one time. @param {number} start @param {number | null} end */
export function clockSpan(start, end) {
  return end === null ? clock(start) : `${clock(start)} – ${clock(end)}`;
}

/** @param {number} count @param {string} unit */
const counted = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;

/** 83.2 → "1 minute 23 seconds", for screen readers. @param {number} seconds */
export function spokenClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const parts = [
    [Math.floor(whole / HOUR), "hour"],
    [Math.floor((whole % HOUR) / MINUTE), "minute"],
    [whole % MINUTE, "second"],
  ];
  const said = parts.filter(([count]) => count).map(([count, unit]) => counted(Number(count), String(unit)));
  return said.length ? said.join(" ") : "0 seconds";
}

/** Reads "1:23.4", "83.4" or "1:02:03"; null for anything else. @param {string} text */
export function parseClock(text) {
  const match = /^\s*(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?)\s*$/.exec(text);
  if (!match) return null;
  const [hours, minutes, seconds] = [match[1] ?? "0", match[2] ?? "0", (match[3] ?? "").replace(",", ".")].map(Number);
  const tooMany = (match[2] && (seconds ?? 0) >= MINUTE) || (match[1] && (minutes ?? 0) >= MINUTE);
  return tooMany ? null : (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0);
}

/**
 * A timestamp as people write it: "today 14:05", "yesterday 09:30", "12 May 2026".
 * @param {string} timestamp @param {Date} [now]
 */
export function day(timestamp, now = new Date()) {
  const then = new Date(timestamp);
  const time = `${twoDigits(then.getHours())}:${twoDigits(then.getMinutes())}`;
  if (then.toDateString() === now.toDateString()) return `today ${time}`;
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (then.toDateString() === yesterday.toDateString()) return `yesterday ${time}`;
  return then.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

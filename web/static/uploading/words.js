/** How an upload is spoken of. Sizes are decimal, as file managers and the server say them. */

const MEGABYTE = 1e6;
const GIGABYTE = 1e9;

/** 12_430_000 → "12.4 MB". @param {number} bytes */
export function sizeInWords(bytes) {
  if (bytes >= GIGABYTE) return `${(bytes / GIGABYTE).toFixed(2)} GB`;
  if (bytes >= MEGABYTE) return `${(bytes / MEGABYTE).toFixed(1)} MB`;
  return `${Math.max(bytes > 0 ? 1 : 0, Math.round(bytes / 1000))} kB`;
}

/** "12.4 MB of 85.0 MB". @param {number} sent @param {number} total */
export function sentOf(sent, total) {
  return `${sizeInWords(sent)} of ${sizeInWords(total)}`;
}

/** Cut, not rounded: 100 means that all of it is sent. @param {number} sent @param {number} total */
export function percent(sent, total) {
  return total > 0 ? Math.floor((Math.min(sent, total) / total) * 100) : 0;
}

/** @param {number} count @param {string} unit */
const counted = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;

/** As coarse as the guess is. @param {number | null} seconds null while it cannot be known */
export function timeLeft(seconds) {
  if (seconds === null) return "";
  if (seconds < 8) return "a few seconds left";
  if (seconds < 45) return "less than a minute left";
  if (seconds < 90) return "about a minute left";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes} minutes left`;
  const hours = Math.floor(minutes / 60);
  const rest = Math.round((minutes % 60) / 10) * 10;
  if (rest === 60) return `about ${counted(hours + 1, "hour")} left`;
  return `about ${counted(hours, "hour")}${rest ? ` ${rest} minutes` : ""} left`;
}

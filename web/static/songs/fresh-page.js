import { ApiError } from "../kit/api.js";

/** What the server would write into this page now. @param {string} address @returns {Promise<any>} */
export async function freshPage(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer) throw new ApiError(0, "offline", "There is no connection to the server.");
  if (!answer.ok) throw new ApiError(answer.status, "page", "The page could not be loaded.");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const data = page.getElementById("page-data")?.textContent;
  // Something else came instead, such as the page to sign in.
  if (!data) throw new ApiError(401, "page", "The page is no longer there.");
  return JSON.parse(data);
}

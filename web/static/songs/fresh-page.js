import { ApiError, whole } from "../kit/api.js";

/** What the server would write into this page now. @param {string} address @returns {Promise<any>} */
export async function freshPage(address) {
  const answer = await whole(fetch(address));
  if (!answer.ok) throw new ApiError(answer.status, "page", "The page could not be loaded.");
  const page = new DOMParser().parseFromString(await whole(answer.text()), "text/html");
  const data = page.getElementById("page-data")?.textContent;
  // Something else came instead, such as the page to sign in.
  if (!data) throw new ApiError(401, "page", "The page is no longer there.");
  return JSON.parse(data);
}

/** The server's refusal: `message` is a sentence for people. */
export class ApiError extends Error {
  /** @param {number} status 0 when no answer came @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Sending the same again may work: nothing was wrong with what was sent. */
  get passing() {
    return this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status);
  }
}

/** What a refusing answer says. @param {Response} answer */
export async function refusal(answer) {
  const body = await answer.json().catch(() => null);
  const error = body?.error ?? {};
  const message = error.message ?? `The server could not do this (${answer.status}).`;
  return new ApiError(answer.status, error.code ?? "unknown", message);
}

/**
 * One JSON request to our own server.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>} the parsed answer, null when there is none
 */
export async function request(method, path, body) {
  const answer = await answered(method, path, body);
  return answer.status === 204 ? null : answer.json();
}

/** The answer to what is no JSON, such as a clip; a refusal is thrown. @param {string} path */
export const requestFile = (path) => answered("GET", path);

/** @param {string} method @param {string} path @param {unknown} [body] */
async function answered(method, path, body) {
  const headers = body === undefined ? undefined : { "content-type": "application/json" };
  const answer = await fetch(path, { method, headers, body: JSON.stringify(body) }).catch(() => {
    throw new ApiError(0, "offline", "There is no connection to the server.");
  });
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

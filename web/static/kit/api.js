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
  return answer.status === 204 ? null : whole(answer.json());
}

/**
 * What is no JSON, such as a clip; a refusal is thrown.
 * @param {string} path
 * @returns {Promise<{headers: Headers, bytes: ArrayBuffer}>}
 */
export async function requestFile(path) {
  const answer = await answered("GET", path);
  return { headers: answer.headers, bytes: await whole(answer.arrayBuffer()) };
}

/** @param {string} method @param {string} path @param {unknown} [body] */
async function answered(method, path, body) {
  const headers = body === undefined ? undefined : { "content-type": "application/json" };
  const answer = await whole(fetch(path, { method, headers, body: JSON.stringify(body) }));
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/** The connection may break before the answer, or in the middle of it. @template T @param {Promise<T>} coming @returns {Promise<T>} */
export function whole(coming) {
  return coming.catch(() => {
    throw new ApiError(0, "offline", "There is no connection to the server.");
  });
}

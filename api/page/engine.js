// What answers the page: a service over HTTP (`service.js`), or a worker of this browser
// (`local.js`, which is below `api/static_page/`).

import { visible } from "./dom.js";
import { Problem } from "./problem.js";

/**
 * @typedef {object} Engine
 * @property {(path: string, sent: Sent | null, signal?: AbortSignal) => Promise<Answer>} ask
 *   Ask a route of the service, such as `rules/LC503` or `validate?format=markdown`.
 * @property {Words} words
 * @property {boolean} isLocal whether files stay in this browser
 */
/** @typedef {{body: object, archive?: File | null}} Sent the JSON of a `POST`, and its archive */
/** @typedef {{status: number, content: string}} Answer */
/** @typedef {{taken: string, privacy: string, noJson: string}} Words how the page says what it does */

/**
 * Return the answer to a `GET`.
 * @param {Engine} engine
 * @param {string} path
 * @param {{keepsLines?: boolean}} how whether strings are texts with lines
 * @returns {Promise<any>}
 */
export async function get(engine, path, { keepsLines = false } = {}) {
  return valueOf(engine, await engine.ask(path, null), keepsLines);
}

/**
 * Return the answer to a `POST`.
 * @param {Engine} engine
 * @param {string} path
 * @param {Sent} sent
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function post(engine, path, sent, signal) {
  return valueOf(engine, await engine.ask(path, sent, signal), false);
}

/**
 * Return the answer to a `POST` as it is.
 * @param {Engine} engine
 * @param {string} path
 * @param {Sent} sent
 * @returns {Promise<string>}
 */
export async function textOf(engine, path, sent) {
  const answer = await engine.ask(path, sent);
  return isFine(answer) ? answer.content : valueOf(engine, answer, false);
}

/** @param {Answer} answer */
function isFine({ status }) {
  return status >= 200 && status < 300;
}

/**
 * @param {Engine} engine
 * @param {Answer} answer
 * @param {boolean} keepsLines
 */
function valueOf(engine, answer, keepsLines) {
  const shown = (_, value) => (typeof value === "string" && !keepsLines ? visible(value) : value);
  let value;
  try {
    value = JSON.parse(answer.content, shown);
  } catch {
    throw new Problem(`${engine.words.noJson} (status ${answer.status})`, "", answer.status);
  }
  if (isFine(answer)) return value;
  const { detail, title, help, errors } = value;
  throw new Problem(detail ?? title ?? `status ${answer.status}`, help, answer.status, errors);
}

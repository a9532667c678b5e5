// Requests to the service, and the token that it may require.

import { byId, visible } from "./dom.js";
import { Problem } from "./problem.js";

/** Kept in memory only. @type {string | null} */
let token = null;

/**
 * Return the answer of a route, as JSON or, with `text`, as text that keeps its lines.
 * @param {string} path
 * @param {{text?: boolean}} how
 * @returns {Promise<any>}
 */
export async function get(path, { text = false } = {}) {
  return read(await send(path, {}), text);
}

/**
 * Post a body as JSON, and ask for the token if the service requires one.
 * @param {string} path
 * @param {object} body
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export async function post(path, body, signal) {
  const content = JSON.stringify(body);
  for (;;) {
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    const answer = await send(path, { method: "POST", headers, body: content, signal });
    if (answer.status !== 401) return read(answer);
    const given = await askForToken();
    if (given === null) return read(answer);
    token = given;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} request
 * @returns {Promise<Response>}
 */
async function send(path, request) {
  try {
    return await fetch(path, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(`the service at \`${location.host}\` does not respond`, "try again later");
  }
}

/**
 * @param {Response} answer
 * @param {boolean} text
 * @returns {Promise<any>}
 */
async function read(answer, text = false) {
  const shown = (_, value) => (typeof value === "string" && !text ? visible(value) : value);
  let content;
  try {
    content = JSON.parse(await answer.text(), shown);
  } catch {
    throw new Problem(`the service returned ${answer.status} without JSON`, "", answer.status);
  }
  if (answer.ok) return content;
  const { detail, title, help, errors } = content;
  throw new Problem(detail ?? title ?? `status ${answer.status}`, help, answer.status, errors);
}

/**
 * Ask for the token; null if the user cancels.
 * @returns {Promise<string | null>}
 */
function askForToken() {
  const dialog = byId("token");
  const input = byId("token-input");
  input.value = "";
  return new Promise((resolve) => {
    let given = null;
    byId("token-cancel").onclick = () => dialog.close();
    byId("token-form").onsubmit = (event) => {
      event.preventDefault();
      given = input.value;
      dialog.close();
    };
    dialog.onclose = () => resolve(given);
    dialog.showModal();
  });
}

// The service as an engine, and the token that it may require.

import { byId } from "./dom.js";
import { Problem } from "./problem.js";

/** Kept in memory only. @type {string | null} */
let token = null;

/** @type {import("./engine.js").Engine} */
export const service = {
  ask,
  isLocal: false,
  words: {
    taken: "uploaded",
    privacy:
      "Weights are not uploaded, only the config, the header of the weights (tensor names, dtypes and shapes), and the names and sizes of the other files. There are two exceptions: of a `.bin` file, the first and last 4 MiB are uploaded, with its index and some weights; and an archive is uploaded whole.",
    noJson: "the service did not answer with JSON",
  },
};

/**
 * Ask a route, and the user for the token if the service requires one.
 * @type {import("./engine.js").Engine["ask"]}
 */
async function ask(path, sent, signal) {
  if (sent === null) return read(await send(path, { signal }));
  const { content, headers } = sent.archive ? formOf(sent) : jsonOf(sent);
  for (;;) {
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    const answer = await send(path, { method: "POST", headers, body: content, signal });
    if (answer.status !== 401) return read(answer);
    const given = await askForToken();
    if (given === null) return read(answer);
    token = given;
  }
}

/** @param {import("./engine.js").Sent} sent */
function jsonOf({ body }) {
  const headers = { "Content-Type": "application/json" };
  return { content: JSON.stringify(body), headers };
}

/**
 * Return a form with an archive; its name and base come with it.
 * @param {import("./engine.js").Sent} sent
 */
function formOf({ body, archive }) {
  const form = new FormData();
  form.append("name", body.name);
  for (const [key, value] of Object.entries(body.options)) {
    for (const one of [value].flat()) form.append(key, one);
  }
  if (typeof body.base === "string") form.append("base", body.base);
  else if (body.base) {
    if (Object.keys(body.base.weights).length) {
      const advice = "choose only the `config.json` of the base, or unpack the archive";
      throw new Problem("an archive cannot be checked against a checkpoint here", advice);
    }
    form.append("base", new File([body.base.config], body.base.name));
  }
  form.append("archive", archive);
  return { content: form, headers: {} };
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
 * @returns {Promise<import("./engine.js").Answer>}
 */
async function read(answer) {
  return { status: answer.status, content: await answer.text() };
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

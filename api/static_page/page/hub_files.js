// Reads an adapter and the config of its base from the Hub: configs, and the header of the weights.

import { get, post } from "./engine.js";
import { Problem } from "./problem.js";
import { LENGTH_BYTES, MOST_SENT, configOf, headerLength } from "./slices.js";
import { CONFIG, SAFETENSORS } from "./sorting.js";

/**
 * @typedef {{repo: string, revision: string, inside: string, commit?: string}} Folder everything is
 *   read from the commit that the first answer names
 */
/** @typedef {{path: string, file: any}} Item a `File`, or a part of one */
/** @typedef {{adapter: Item[], base: Item[], note: string, asked: string[]}} Read */
/** @typedef {(wanted: import("./hub_frame.js").Wanted) => Promise<import("./hub_frame.js").Sent>} Ask */

const BASE_CONFIG = "config.json";
/** The bytes of each first request, which is all for most files. */
export const FIRST_BYTES = 65_536;
const MOST_OF_CONFIG = 16 * 1024 * 1024;
const COMMIT = /^[0-9a-f]{40}$/;
const INSTEAD = "download its files, and choose them here";

/**
 * Read what an id names.
 * @param {import("./engine.js").Engine} engine
 * @param {Ask} ask
 * @param {string} text
 * @param {boolean} hasBase whether there is a base already, so that none is asked for
 * @returns {Promise<Read>}
 */
export async function readFromHub(engine, ask, text, hasBase) {
  if (!text) throw new Problem("no id entered", "enter `owner/name`, or `owner/name@revision`");
  /** @type {Folder} */
  const folder = await get(engine, `hub/${encodeURIComponent(text)}`);
  const asked = [];
  const hub = { engine, ask, asked };
  const config = await whole(hub, folder, CONFIG);
  const weights = await header(hub, folder);
  if (!weights) await refuse(hub, folder, config ? SAFETENSORS : CONFIG, 404, {});
  const home = [folder.repo, folder.inside].filter(Boolean).join("/");
  const adapter = [config, weights]
    .filter(Boolean)
    .map((file) => ({ path: `${home}/${file.name}`, file }));
  const { base, note } = hasBase || !config ? { base: [], note: "" } : await baseOf(hub, config);
  return { adapter, base, note, asked };
}

/**
 * Return the config of the base that an adapter's config names, or a note on why there is none.
 * @param {{engine: any, ask: Ask, asked: string[]}} hub
 * @param {File} config
 * @returns {Promise<{base: Item[], note: string}>}
 */
async function baseOf(hub, config) {
  const body = { name: "adapter", ...(await configOf(config)) };
  const { folder, reason } = await post(hub.engine, "hub-base", { body });
  if (!folder) return { base: [], note: `No base was asked for: ${reason}.` };
  try {
    const found = await whole(hub, folder, BASE_CONFIG);
    if (found) return { base: [{ path: `${folder.repo}/${BASE_CONFIG}`, file: found }], note: "" };
    const advice = `choose the base's \`${BASE_CONFIG}\`, or enter a model type`;
    return { base: [], note: `\`${folder.repo}\` has no \`${BASE_CONFIG}\` on the Hub; ${advice}.` };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { base: [], note: `The base could not be read: ${error.message}; ${error.help}.` };
  }
}

/**
 * Return a small file; null if there is none.
 * @param {{engine: any, ask: Ask, asked: string[]}} hub
 * @param {Folder} folder
 * @param {string} name
 * @returns {Promise<File | null>}
 */
async function whole(hub, folder, name) {
  const first = await range(hub, folder, name, 0, FIRST_BYTES, MOST_OF_CONFIG);
  if (!first) return null;
  if (first.size > MOST_OF_CONFIG) {
    throw new Problem(`\`${name}\` has ${first.size} bytes, more than a config can have`, "check the id");
  }
  const parts = [first.data];
  if (first.data.length < first.size) {
    parts.push((await range(hub, folder, name, first.data.length, first.size, MOST_OF_CONFIG)).data);
  }
  return new File(parts, name);
}

/**
 * Return the weights, of which only the header is read; null if there are none.
 * @param {{engine: any, ask: Ask, asked: string[]}} hub
 * @param {Folder} folder
 */
async function header(hub, folder) {
  const first = await range(hub, folder, SAFETENSORS, 0, FIRST_BYTES, FIRST_BYTES);
  if (!first) return null;
  const { data, size } = first;
  const stop = LENGTH_BYTES + (await headerLength(new Blob([data])));
  const isMore = stop > data.length && stop <= size && stop <= MOST_SENT;
  const more = isMore ? await range(hub, folder, SAFETENSORS, data.length, stop, stop) : null;
  return partOf(SAFETENSORS, new Blob(more ? [data, more.data] : [data]), size);
}

/**
 * Return the beginning of a file in the form of a file.
 * @param {string} name
 * @param {Blob} head
 * @param {number} size
 */
function partOf(name, head, size) {
  return { name, size, slice: (start, stop) => head.slice(start, stop) };
}

/**
 * Return a range of a file, or the whole file if the Hub sends no ranges of one that is small;
 * null if there is no such file.
 * @param {{engine: any, ask: Ask, asked: string[]}} hub
 * @param {Folder} folder
 * @param {string} name
 * @param {number} start
 * @param {number} stop
 * @param {number} most the largest file that is read if the Hub sends no ranges
 * @returns {Promise<{data: Uint8Array, size: number} | null>}
 */
async function range(hub, folder, name, start, stop, most) {
  const path = [folder.inside, name].filter(Boolean).join("/");
  const revision = folder.commit ?? folder.revision;
  const sent = await hub.ask({ repo: folder.repo, revision, path, start, stop, most });
  if ("failure" in sent) throw failed(sent);
  const { status, headers, data } = sent;
  const received = `${data.length.toLocaleString("en")} bytes received`;
  hub.asked.push(`\`${folder.repo}/${path}\`, bytes ${start}-${stop - 1}: status ${status}, ${received}`);
  const commit = headers["x-repo-commit"] ?? "";
  if (COMMIT.test(commit)) folder.commit ??= commit;
  if (status === 416 && start === 0) return { data: new Uint8Array(), size: 0 };
  if (status === 404 && (headers["x-error-code"] ?? "EntryNotFound") === "EntryNotFound") return null;
  if (status !== 200 && status !== 206) return refuse(hub, folder, name, status, headers);
  const size = status === 206 ? sizeOf(headers, start, data) : wholeSize(headers, data, most);
  if (size !== null) return { data: status === 206 ? data : data.subarray(start), size };
  if (status === 200) {
    throw new Problem(`the Hub sends no part of \`${name}\`, only the whole file`, INSTEAD);
  }
  throw new Problem(`the Hub sent a different part of \`${name}\` than it was asked for`, INSTEAD);
}

/**
 * Return the size of the whole file, null if the range is not the one that was asked for.
 * @param {Record<string, string>} headers
 * @param {number} start
 * @param {Uint8Array} data
 */
function sizeOf(headers, start, data) {
  const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers["content-range"] ?? "");
  if (!found) return null;
  const [first, last, size] = found.slice(1).map(Number);
  return first === start && last === start + data.length - 1 ? size : null;
}

/**
 * Return the size of a file that was sent whole, null if it is too large for that.
 * @param {Record<string, string>} headers
 * @param {Uint8Array} data
 * @param {number} most
 */
function wholeSize(headers, data, most) {
  return data.length <= most && Number(headers["content-length"] ?? data.length) <= most
    ? data.length
    : null;
}

/**
 * Raise the problem for an answer without a file; the engine has the words.
 * @param {{engine: any}} hub
 * @param {Folder} folder
 * @param {string} file
 * @param {number} status
 * @param {Record<string, string>} headers
 * @returns {Promise<never>}
 */
async function refuse({ engine }, { repo, revision }, file, status, headers) {
  const code = headers["x-error-code"] ?? "";
  const said = headers["x-error-message"] ?? "";
  const query = new URLSearchParams({ repo, revision, file, status: String(status), code, said });
  await get(engine, `hub-refused?${query}`);
  throw new Error("the engine named no problem");
}

/** @param {{failure: string}} sent */
function failed({ failure }) {
  if (failure === "blocked") {
    return new Problem("the Hub redirects to a server that this page may not ask", INSTEAD);
  }
  const why = failure === "late" ? "did not answer in time" : "cannot be reached";
  return new Problem(`the Hub ${why}`, `check the network, or ${INSTEAD}`);
}

// The body of a request, made from the chosen files.

import { configOf, encoded, endsOf, headerOf, textOf } from "./slices.js";
import { CONFIG, PICKLE, SAFETENSORS } from "./sorting.js";

const TOKENIZER = ["tokenizer.json", "tokenizer_config.json", "added_tokens.json"];
const MIB = 1024 * 1024;

/** @typedef {import("./sorting.js").Adapter} Adapter */
/** @typedef {import("./sorting.js").Base} Base */
/** @typedef {{body: object, sources: Map<string, string>}} Prepared the texts by file name */

/**
 * Return the name of the weights that PEFT loads.
 * @param {Adapter} adapter
 * @returns {string | undefined}
 */
export function weightsName(adapter) {
  return [SAFETENSORS, PICKLE].find((name) => adapter.files.has(name));
}

/**
 * Return the part of the weights that is uploaded.
 * @param {Adapter} adapter
 * @returns {Promise<import("./slices.js").Slices | null>}
 */
export async function weightSlices(adapter) {
  const name = weightsName(adapter);
  const file = name && adapter.files.get(name);
  if (!file) return null;
  return name === PICKLE ? endsOf(file) : headerOf(file);
}

/**
 * Return the names and sizes of the other files that findings can be about: those in the folder
 * itself, folders, and configs one level below.
 * @param {Adapter} adapter
 * @returns {Record<string, number>}
 */
export function otherFiles(adapter) {
  const sent = new Set([CONFIG, weightsName(adapter)]);
  const sizes = new Map();
  for (const [path, file] of adapter.files) {
    const [first, ...rest] = path.split("/");
    if (rest.length) sizes.set(`${first}/`, 0);
    if (rest.length ? rest.join("/") === CONFIG : !sent.has(path)) sizes.set(path, file.size);
  }
  return Object.fromEntries(sizes);
}

/**
 * Read the files and return the body.
 * @param {Adapter} adapter
 * @param {Base | string | null} base files, or a model type
 * @param {object} options
 * @param {boolean} readsMore whether tokenizers are read too, since nothing is uploaded
 * @returns {Promise<Prepared>}
 */
export async function prepare(adapter, base, options, readsMore = false) {
  const sources = new Map();
  const config = adapter.files.get(CONFIG);
  const slices = await weightSlices(adapter);
  const body = { name: adapter.name, files: otherFiles(adapter), options };
  if (readsMore) Object.assign(body.files, await tokenizerFiles(adapter));
  if (config) Object.assign(body, await configOf(config));
  if (body.config !== undefined) sources.set(CONFIG, body.config);
  if (slices) body.weights = { ...(await encoded(slices)), file: weightsName(adapter) };
  if (base) body.base = typeof base === "string" ? base : await baseBody(base, sources);
  return { body, sources };
}

/**
 * Return the beginnings of the files of a tokenizer.
 * @param {Adapter} adapter
 * @returns {Promise<Record<string, {head: string, size: number}>>}
 */
async function tokenizerFiles(adapter) {
  const found = {};
  for (const name of TOKENIZER) {
    const file = adapter.files.get(name);
    if (file) found[name] = await encoded({ head: file.slice(0, MIB), tail: null, size: file.size });
  }
  return found;
}

/**
 * @param {Base} base
 * @param {Map<string, string>} sources
 * @returns {Promise<object>}
 */
async function baseBody(base, sources) {
  const body = { name: base.name, weights: {} };
  if (base.config) {
    body.config = await textOf(base.config);
    sources.set(base.weights.size ? `${base.name}/config.json` : base.name, body.config);
  }
  const headers = [];
  for (const [name, file] of base.weights) {
    headers.push([name, await encoded(await headerOf(file))]);
  }
  body.weights = Object.fromEntries(headers);
  return body;
}

// The chosen files, and what of them the engine gets.

import { otherFiles, weightSlices, weightsName } from "./body.js";
import { counted, el, visible } from "./dom.js";
import { headerOf, sentBytes } from "./slices.js";
import { CONFIG } from "./sorting.js";

/**
 * Return a line for each part of an adapter.
 * @param {import("./sorting.js").Adapter} adapter
 * @param {string} taken what happens to it: `uploaded` or `read`
 * @returns {Promise<HTMLElement[]>}
 */
export async function adapterLines(adapter, taken) {
  const lines = [];
  if (adapter.archive) return [whole(adapter.archive, taken)];
  const config = adapter.files.get(CONFIG);
  const name = weightsName(adapter);
  const slices = await weightSlices(adapter);
  lines.push(config ? whole(config, taken) : absent(CONFIG));
  lines.push(name && slices ? line(name, partly(slices, taken)) : absent("adapter_model.safetensors"));
  const others = Object.keys(otherFiles(adapter)).length;
  if (others) lines.push(el("li", {}, `${counted(others, "other file")}, names and sizes ${taken}`));
  return lines;
}

/**
 * Return a line for each part of a base.
 * @param {import("./sorting.js").Base} base
 * @param {string} taken
 * @returns {Promise<HTMLElement[]>}
 */
export async function baseLines(base, taken) {
  const lines = [];
  if (base.config) lines.push(whole(base.config, taken));
  for (const [name, file] of base.weights) {
    lines.push(line(name, partly(await headerOf(file), taken)));
  }
  return lines;
}

/**
 * @param {File} file
 * @param {string} taken
 */
function whole(file, taken) {
  return line(file.name, `${counted(file.size, "byte")}, ${taken} whole`);
}

/**
 * @param {import("./slices.js").Slices} slices
 * @param {string} taken
 */
function partly(slices, taken) {
  return `${sentBytes(slices).toLocaleString("en")} of ${counted(slices.size, "byte")} ${taken}`;
}

/**
 * @param {string} name
 * @param {string} says
 */
function line(name, says) {
  return el("li", {}, el("code", {}, visible(name)), `: ${says}`);
}

/** @param {string} name */
function absent(name) {
  return el("li", { class: "absent" }, el("code", {}, name), ": missing");
}

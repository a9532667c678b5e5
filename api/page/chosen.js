// The chosen files, and what will be uploaded.

import { otherFiles, weightSlices, weightsName } from "./body.js";
import { counted, el, visible } from "./dom.js";
import { headerOf, sentBytes } from "./slices.js";
import { CONFIG } from "./sorting.js";

/**
 * Return a line for each part of an adapter.
 * @param {import("./sorting.js").Adapter} adapter
 * @returns {Promise<HTMLElement[]>}
 */
export async function adapterLines(adapter) {
  const lines = [];
  const config = adapter.files.get(CONFIG);
  const name = weightsName(adapter);
  const slices = await weightSlices(adapter);
  lines.push(config ? line(CONFIG, `${counted(config.size, "byte")}, uploaded whole`) : absent(CONFIG));
  lines.push(name && slices ? line(name, partly(slices)) : absent("adapter_model.safetensors"));
  const others = Object.keys(otherFiles(adapter)).length;
  if (others) lines.push(el("li", {}, `${counted(others, "other file")}, names and sizes uploaded`));
  return lines;
}

/**
 * Return a line for each part of a base.
 * @param {import("./sorting.js").Base} base
 * @returns {Promise<HTMLElement[]>}
 */
export async function baseLines(base) {
  const lines = [];
  if (base.config) {
    lines.push(line(base.config.name, `${counted(base.config.size, "byte")}, uploaded whole`));
  }
  for (const [name, file] of base.weights) lines.push(line(name, partly(await headerOf(file))));
  return lines;
}

/** @param {import("./slices.js").Slices} slices */
function partly(slices) {
  return `${sentBytes(slices).toLocaleString("en")} of ${counted(slices.size, "byte")} uploaded`;
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

// The report of one adapter: its verdict, its findings, and what was not checked.

import { counted, el, prose, scale } from "./dom.js";
import { snippet } from "./snippet.js";

/** @typedef {Map<string, string>} Sources the texts by file name */

const SEVERITIES = ["error", "warning", "info"];
const BASES = {
  catalogue: "from the catalogue",
  checkpoint: "from the checkpoint",
  transformers: "from transformers",
};

/**
 * Return the texts of a body by file name.
 * @param {any} body
 * @returns {Map<string, string>}
 */
export function sourcesOf({ config, base }) {
  const texts = [
    ["adapter_config.json", config],
    [base?.name, base?.config],
  ];
  return new Map(texts.filter(([, text]) => text !== undefined));
}

/**
 * Return the verdict in a few words: `invalid, 1 error, 2 hidden`.
 * @param {any} adapter
 * @returns {string}
 */
export function verdict(adapter) {
  const numbers = SEVERITIES.map((severity) => [
    severity,
    adapter.diagnostics.filter((one) => one.severity === severity).length,
  ]);
  const found = numbers.filter(([, number]) => number).map(([name, n]) => counted(n, name));
  const status = adapter.status === "error" ? "cannot be read" : adapter.status;
  const hidden = Object.values(adapter.hidden).reduce((sum, number) => sum + number, 0);
  return [status, ...found, ...(hidden ? [`${hidden} hidden`] : [])].join(", ");
}

/**
 * Return the report of an adapter as elements.
 * @param {any} adapter
 * @param {Sources} sources
 * @returns {HTMLElement[]}
 */
export function drawReport(adapter, sources) {
  const title = el("h2", { class: `verdict ${adapter.status}` }, `${adapter.path}: `);
  title.append(el("strong", {}, verdict(adapter)));
  return [title, facts(adapter), ...drawFindings(adapter, sources)];
}

/**
 * Return the findings in an adapter as elements.
 * @param {any} adapter
 * @param {Sources} sources
 * @returns {HTMLElement[]}
 */
export function drawFindings(adapter, sources) {
  return adapter.diagnostics.map((one) => drawFinding(adapter, one, sources));
}

/**
 * @param {any} adapter
 * @returns {HTMLElement}
 */
function facts(adapter) {
  const lines = [
    ["Method", adapter.method === "LORA" ? "" : (adapter.method ?? "unknown")],
    ["Base", baseLine(adapter.base)],
    ["Tensors", coverageLine(adapter.coverage)],
    ["Scale", scaleLine(adapter.scaling)],
    ["Written by", writtenLine(adapter.written_by)],
    ["Loads in", loadsLine(adapter.loads_in)],
    ["Read", readLine(adapter.read)],
    ...adapter.not_checked.map(({ what, why }) => ["Not checked", `${what} (${why})`]),
  ];
  const shown = lines.filter(([, line]) => line);
  const pairs = shown.map(([name, line]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, ...prose(line))),
  );
  return el("dl", { class: "facts" }, ...pairs);
}

/** @param {any} base */
function baseLine(base) {
  if (!base) return "none";
  const name = base.class ?? base.model_type ?? "unnamed base";
  const config = base.config ? `, \`${base.config}\`` : "";
  const library = base.library ? ` of ${base.library}` : "";
  return `\`${name}\`, ${BASES[base.source] ?? base.source}${library}${config}`;
}

/** @param {any} coverage */
function coverageLine(coverage) {
  if (coverage.expected === null || coverage.applied === null) {
    return coverage.tensors ? `${counted(coverage.tensors, "tensor")}, not compared` : "";
  }
  const rest = [
    [coverage.mismatched, "with a wrong shape"],
    [coverage.missing, "missing"],
    [coverage.unexpected, "unexpected"],
  ].filter(([number]) => number);
  const apply = `${coverage.applied} of ${coverage.expected} apply`;
  return [apply, ...rest.map(([number, word]) => `${number} ${word}`)].join(", ");
}

/** @param {any} scaling */
function scaleLine(scaling) {
  if (!scaling) return "";
  const [low, high] = [scale(scaling.min), scale(scaling.max)];
  return low === high ? low : `${low} to ${high}`;
}

/** @param {any} written */
function writtenLine(written) {
  return written ? `PEFT ${written.peft} (${written.evidence})` : "";
}

/** @param {any} loads */
function loadsLine(loads) {
  if (!loads) return "";
  const parts = [loads.peft === "none" ? "no release of PEFT" : `PEFT ${loads.peft}`];
  if (loads.dropping) parts.push(`a key without effect is dropped in ${loads.dropping}`);
  if (loads.differing) parts.push(`computes something different in ${loads.differing}`);
  if (loads.failing) parts.push(`fails in ${loads.failing}`);
  return parts.join("; ");
}

/** @param {string[]} read */
function readLine(read) {
  const words = read.map((one) => (one === "names" ? "tensor names" : one));
  if (!read.includes("names")) return words.join(", ");
  return `${words.join(", ")}${read.includes("values") ? "" : "; no values"}`;
}

/**
 * @param {any} adapter
 * @param {any} finding
 * @param {Sources} sources
 * @returns {HTMLElement}
 */
function drawFinding(adapter, finding, sources) {
  const code = el("a", { href: `#${finding.code}`, class: "code" }, finding.code);
  const label = el("span", { class: finding.severity }, `${finding.severity}[`, code, "]");
  const title = el("h3", {}, label, ` ${finding.name}: `, ...prose(finding.message));
  const shown = el("article", { class: `finding ${finding.severity}` }, title);
  shown.append(...place(adapter, finding.location, sources, finding.severity));
  for (const { location, message } of finding.related) {
    shown.append(el("p", { class: "note" }, "note: ", ...prose(message)));
    shown.append(...place(adapter, location, sources, "info"));
  }
  if (finding.count > 1) {
    shown.append(el("p", { class: "note" }, `note: ${counted(finding.count, "occurrence")}`));
  }
  if (finding.help) shown.append(el("p", { class: "help" }, "help: ", ...prose(finding.help)));
  return shown;
}

/**
 * @param {any} adapter
 * @param {any} location
 * @param {Sources} sources
 * @param {string} role
 * @returns {HTMLElement[]}
 */
function place(adapter, location, sources, role) {
  const file = location.file || adapter.path;
  const spot = location.line ? `${file}:${location.line}:${location.column}` : file;
  const inside = location.tensor ?? (location.line ? null : location.pointer);
  const shown = [el("p", { class: "place" }, `--> ${spot}${inside ? `: ${inside}` : ""}`)];
  const text = sources.get(location.file);
  const line = location.line && text !== undefined ? snippet(text, location, role) : null;
  if (line) shown.push(line);
  return shown;
}

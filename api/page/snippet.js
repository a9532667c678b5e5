// A line of a file that marks the place of a finding.

import { el, visible } from "./dom.js";

const MOST = 96; // characters; longer lines are cut around the place
const LEAD = 32;
const CUT = "...";
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{3fffd}]/u;
const COMBINING = /\p{Mn}/u;

/** @typedef {{line: number, column: number, end_line: number, end_column: number}} Region */

/**
 * Return the first line of a region as a compiler shows it, or null if there is none.
 * @param {string} text of the file
 * @param {Region} region columns are characters, from 1; the end is exclusive
 * @param {string} role of the mark: a severity
 * @returns {HTMLElement | null}
 */
export function snippet(text, region, role) {
  const source = text.split("\n")[region.line - 1];
  if (source === undefined) return null;
  const line = Array.from(source.replace(/\r$/, ""));
  const start = Math.min(Math.max(region.column - 1, 0), line.length);
  const [left, right] = shownPart(line.length, start);
  const last = region.end_line === region.line ? region.end_column - 1 : line.length;
  const end = Math.min(Math.max(last, start), right);
  const before = (left ? CUT : "") + shown(line.slice(left, start));
  const marked = shown(line.slice(start, end));
  const after = shown(line.slice(end, right)) + (right < line.length ? CUT : "");
  const number = String(region.line);
  const gutter = " ".repeat(number.length);
  const carets = "^".repeat(Math.max(width(marked), 1));
  const below = el("span", { "aria-hidden": "true" });
  below.append(frame(`${gutter} | `), " ".repeat(width(before)), el("b", { class: role }, carets));
  return el(
    "pre",
    { class: "source" },
    frame(`${number} | `),
    before,
    el("mark", { class: role }, marked),
    `${after}\n`,
    below,
  );
}

/** @param {string} text */
function frame(text) {
  return el("span", { class: "frame" }, text);
}

/**
 * @param {number} length
 * @param {number} start
 * @returns {[number, number]}
 */
function shownPart(length, start) {
  if (length <= MOST) return [0, length];
  const left = Math.max(0, Math.min(start - LEAD, length - MOST));
  return [left, left + MOST];
}

/** @param {string[]} characters */
function shown(characters) {
  return visible(characters.join("").replaceAll("\t", "    "));
}

/** @param {string} text */
function width(text) {
  let columns = 0;
  for (const char of text) columns += COMBINING.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return columns;
}

// The picture of coverage: the modules of the base that the adapter adapts.

import { counted, el, scale } from "./dom.js";
import { STATES, arrange, columnName, modulesOf, tally } from "./layout.js";

/** @typedef {import("./layout.js").Module} Module */
/** @typedef {import("./layout.js").Stack} Stack */

const WORDS = {
  fits: "fits",
  missing: "missing",
  wrong_shape: "wrong shape",
  not_targeted: "not targeted",
  unknown: "unknown",
};
const SIGNS = { fits: "●", missing: "○", wrong_shape: "×", not_targeted: "·", unknown: "?" };
const BAD = new Set(["wrong_shape", "missing"]);
const MOST_LISTED = 200;

/**
 * Return the picture of an adapter's modules.
 * @param {Module[]} modules
 * @param {string | null} name of the adapter, if there are several
 * @returns {HTMLElement[]}
 */
export function drawCoverage(modules, name = null) {
  const title = el("h2", {}, name === null ? "Coverage" : `Coverage of ${name}`);
  if (!modules.length) return [title, el("p", {}, "no known modules")];
  const { stacks, others } = arrange(modules);
  const tables = stacks.map((stack) =>
    folded(el("code", {}, stack.name), modulesOf(stack), drawStack(stack)),
  );
  if (others.length) tables.push(folded("Outside the layers", others, drawOthers(others)));
  return [title, legend(modules), ...tables, ...listBad(modules)];
}

/**
 * @param {Module[]} modules
 * @returns {HTMLElement}
 */
function legend(modules) {
  const counts = tally(modules);
  const entries = ["fits", "missing", "wrong_shape", "unknown", "not_targeted"]
    .filter((state) => counts.has(state))
    .map((state) =>
      el(
        "li",
        {},
        el("span", { class: `sign ${state}`, "aria-hidden": "true" }, SIGNS[state]),
        ` ${WORDS[state]} ${counts.get(state).toLocaleString("en")}`,
      ),
    );
  return el("ul", { class: "legend", "aria-label": "Modules by state" }, ...entries);
}

/**
 * Fold a table away if the adapter does not target anything in it.
 * @param {Node | string} name
 * @param {Module[]} modules
 * @param {HTMLElement} table
 * @returns {HTMLElement}
 */
function folded(name, modules, table) {
  const counts = tally(modules);
  const apart = counts.get("not_targeted") ?? 0;
  const reached = (modules.length - apart).toLocaleString("en");
  const words = `${reached} of ${counted(modules.length, "module")} targeted`;
  const shown = el("details", { class: "stack" });
  shown.open = apart < modules.length;
  const title = el("summary", {}, name, `: ${words}`);
  // focusable, so that the arrow keys scroll it
  const box = { class: "scroll", tabindex: "0", role: "region", "aria-label": title.textContent };
  shown.append(title, el("div", box, table));
  return shown;
}

/**
 * @param {Stack} stack
 * @returns {HTMLElement}
 */
function drawStack(stack) {
  const names = stack.columns.map((column) => columnName(stack, column));
  const heads = names.map((name) => el("th", { scope: "col" }, el("span", {}, name)));
  const head = el("tr", {}, el("th", { scope: "col" }, "layer"), ...heads);
  const rows = [...stack.rows].map(([layer, row]) => {
    const cells = stack.columns.map((column, index) =>
      drawCell(`layer ${layer}, ${names[index]}`, row.get(column) ?? []),
    );
    return el("tr", {}, el("th", { scope: "row" }, String(layer)), ...cells);
  });
  const parts = [el("thead", {}, head), el("tbody", {}, ...rows)];
  return el("table", { class: "grid" }, ...parts);
}

/**
 * @param {Module[]} modules
 * @returns {HTMLElement}
 */
function drawOthers(modules) {
  const heads = ["module", "state"].map((name) => el("th", { scope: "col" }, name));
  const head = el("tr", {}, ...heads);
  const rows = modules.map((module) =>
    el("tr", {}, el("th", { scope: "row" }, module.path), drawCell(module.path, [module])),
  );
  return el("table", { class: "grid others" }, el("thead", {}, head), el("tbody", {}, ...rows));
}

/**
 * Return a cell in the worst state of its modules; with their number if there are several.
 * @param {string} where
 * @param {Module[]} modules
 * @returns {HTMLElement}
 */
function drawCell(where, modules) {
  if (!modules.length) return el("td", { "aria-label": `${where}: no module` });
  const counts = tally(modules);
  const worst = STATES.find((state) => counts.has(state));
  const says = `${where}: ${stateWords(counts, modules.length)}${numbers(modules)}`;
  const cell = el("td", { class: worst, title: says, "aria-label": says }, SIGNS[worst]);
  if (modules.length > 1) cell.append(el("small", {}, String(counts.get(worst))));
  return cell;
}

/**
 * @param {Map<string, number>} counts
 * @param {number} total
 */
function stateWords(counts, total) {
  const words = [...counts].map(([state, number]) =>
    total > 1 ? `${number} of ${total} ${WORDS[state]}` : WORDS[state],
  );
  return words.join(", ");
}

/** @param {Module[]} modules */
function numbers(modules) {
  const ranks = distinct(modules.map((module) => module.rank));
  const scales = distinct(modules.map((module) => module.scaling)).map(scale);
  const rank = ranks.length ? `, rank ${ranks.join(" or ")}` : "";
  return rank + (scales.length ? `, scale ${scales.join(" or ")}` : "");
}

/** @param {(number | null)[]} values */
function distinct(values) {
  return [...new Set(values.filter((value) => value !== null && value !== undefined))];
}

/**
 * List the modules that do not fit, for people who cannot point at a cell.
 * @param {Module[]} modules
 * @returns {HTMLElement[]}
 */
function listBad(modules) {
  const bad = modules.filter((module) => BAD.has(module.state));
  if (!bad.length) return [];
  const lines = bad
    .slice(0, MOST_LISTED)
    .map((one) => el("li", {}, el("code", {}, one.path), `: ${WORDS[one.state]}${numbers([one])}`));
  const left = bad.length - lines.length;
  if (left) lines.push(el("li", {}, `and ${counted(left, "more module")}`));
  const title = el("summary", {}, `${counted(bad.length, "module")} missing or with a wrong shape`);
  return [el("details", { class: "bad" }, title, el("ul", {}, ...lines))];
}

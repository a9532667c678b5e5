// All rules, all model types, and what is known about one of them.

import { counted, el, prose } from "./dom.js";
import { get } from "./engine.js";

/** @typedef {import("./engine.js").Engine} Engine */

const FAMILIES = {
  0: "Reading",
  1: "Config",
  2: "PEFT releases",
  3: "Meaning across fields",
  4: "Weight file",
  5: "Tensors and config",
  6: "Tensors and base model",
  7: "Safety and hygiene",
  8: "Inference engines",
  9: "loracfg itself",
};

/**
 * @param {Engine} engine
 * @returns {Promise<HTMLElement[]>}
 */
export async function listRules(engine) {
  const rules = await get(engine, "rules");
  const families = Map.groupBy(rules, ({ code }) => code.slice(2, 3));
  const parts = [...families].flatMap(([family, members]) => [
    el("h3", {}, FAMILIES[family] ?? `LC${family}`),
    el("ul", { class: "entries" }, ...members.map(ruleEntry)),
  ]);
  return [...head(counted(rules.length, "rule"), "#rules"), ...parts];
}

/** @param {any} rule */
function ruleEntry({ code, name, severity, summary }) {
  const link = el("a", { href: `#${code}` }, `${code} ${name}`);
  return el("li", {}, link, " ", el("span", { class: severity }, severity), el("p", {}, ...prose(summary)));
}

/**
 * @param {Engine} engine
 * @returns {Promise<HTMLElement[]>}
 */
export async function listModelTypes(engine) {
  const bases = await get(engine, "bases");
  const libraries = Map.groupBy(bases, ({ library }) => library);
  const lists = [...libraries].flatMap(([library, members]) => [
    el("h3", {}, library),
    el("ul", { class: "names" }, ...members.map(({ model_type: name }) => el("li", {}, linkTo(name)))),
  ]);
  const filter = el("input", { type: "search", id: "filter", autocomplete: "off" });
  filter.addEventListener("input", () => hideOthers(lists, filter.value.trim().toLowerCase()));
  const label = el("label", {}, "Show those with ", filter);
  return [...head(counted(bases.length, "model type"), "#model-types"), label, ...lists];
}

/** @param {string} name */
function linkTo(name) {
  return el("a", { href: `#model-types/${encodeURIComponent(name)}` }, name);
}

/**
 * @param {HTMLElement[]} lists
 * @param {string} wanted
 */
function hideOthers(lists, wanted) {
  for (const list of lists) {
    for (const entry of list.querySelectorAll("li")) {
      entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
    }
  }
}

/**
 * @param {Engine} engine
 * @param {string} name
 * @returns {Promise<HTMLElement[]>}
 */
export async function showModelType(engine, name) {
  const base = await get(engine, `bases/${encodeURIComponent(name)}`, { keepsLines: true });
  const classes = base.classes.map((one) => `\`${one}\``).join(", ");
  const says = `Classes of ${base.library}: ${classes || "none; other types contain it"}.`;
  const all = el("p", {}, el("a", { href: "#model-types" }, "All model types"));
  return [
    ...head(base.model_type, `#model-types/${encodeURIComponent(name)}`),
    all,
    el("p", {}, ...prose(says)),
    el("p", { class: "aside" }, "Its modules, with sizes as expressions over the config:"),
    el("pre", { tabindex: "0", "aria-label": "Modules" }, base.facts),
  ];
}

/**
 * @param {string} title
 * @param {string} address
 * @returns {HTMLElement[]}
 */
function head(title, address) {
  const back = el("p", {}, el("a", { href: "#" }, "Check an adapter"));
  return [back, el("h2", { tabindex: "-1", "data-address": address }, title)];
}

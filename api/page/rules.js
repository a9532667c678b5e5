// The text of a rule, in a dialog that has an address: `/#LC503`.

import { byId, el, prose } from "./dom.js";
import { get } from "./engine.js";
import { Problem, drawProblem } from "./problem.js";

/** @typedef {import("./engine.js").Engine} Engine */

/**
 * Show a rule.
 * @param {Engine} engine
 * @param {string} code
 * @param {() => boolean} isWanted whether the address still names it, once its text is there
 */
export async function showRule(engine, code, isWanted) {
  const dialog = byId("rule");
  const [title, ...text] = await ruleContent(engine, code);
  if (!isWanted()) return;
  const close = el("button", { type: "button" }, "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(el("div", { class: "titled" }, title, close), ...text);
  if (!dialog.open) dialog.showModal();
}

/**
 * @param {Engine} engine
 * @param {string} code
 * @returns {Promise<HTMLElement[]>}
 */
async function ruleContent(engine, code) {
  const title = el("h2", { id: "rule-title" }, code);
  try {
    const rule = await get(engine, `rules/${code}`, { keepsLines: true });
    title.append(` ${rule.name}`);
    const severity = el("span", { class: rule.severity }, rule.severity);
    return [title, el("p", { class: "aside" }, severity), ...drawText(rule.page)];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [title, drawProblem(error)];
  }
}

/**
 * Return the paragraphs of a rule's page; indented ones are examples.
 * @param {string} text
 * @returns {HTMLElement[]}
 */
function drawText(text) {
  return text.split(/\n{2,}/).map((block) => {
    if (!block.startsWith("    ")) return el("p", {}, ...prose(block.replaceAll("\n", " ")));
    return el("pre", { tabindex: "0" }, block.replaceAll(/^ {4}/gm, ""));
  });
}

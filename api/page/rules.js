// The text of a rule, in a dialog that has an address: `/#LC503`.

import { byId, el, prose } from "./dom.js";
import { Problem, drawProblem } from "./problem.js";
import { get } from "./service.js";

const CODE = /^#(LC\d{3})$/;

/** Show the rule that the address names, now and whenever it changes. */
export function followAddress() {
  const dialog = byId("rule");
  dialog.addEventListener("close", forgetAddress);
  window.addEventListener("hashchange", showNamed);
  showNamed();
}

async function showNamed() {
  const dialog = byId("rule");
  const code = CODE.exec(location.hash)?.[1];
  if (!code) {
    dialog.close();
    return;
  }
  const [title, ...text] = await ruleContent(code);
  if (location.hash !== `#${code}`) return; // it changed while the text was loading
  const close = el("button", { type: "button" }, "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(el("div", { class: "titled" }, title, close), ...text);
  if (!dialog.open) dialog.showModal();
}

function forgetAddress() {
  if (CODE.test(location.hash)) history.replaceState(null, "", location.pathname + location.search);
}

/**
 * @param {string} code
 * @returns {Promise<HTMLElement[]>}
 */
async function ruleContent(code) {
  const title = el("h2", { id: "rule-title" }, code);
  try {
    const rule = await get(`rules/${code}`, { text: true });
    title.append(` ${rule.name}`);
    const address = el("a", { href: `rules/${code}` }, "as JSON");
    const severity = el("span", { class: rule.severity }, rule.severity);
    return [title, el("p", { class: "aside" }, severity, " · ", address), ...drawText(rule.page)];
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
    return el("pre", {}, block.replaceAll(/^ {4}/gm, ""));
  });
}

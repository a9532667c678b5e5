// Why a request cannot be answered, as a sentence: what happened, and what to do.

import { counted, el, prose, visible } from "./dom.js";

/** Something that the page shows instead of a report. */
export class Problem extends Error {
  /**
   * @param {string} detail
   * @param {string} help
   * @param {number} status of the answer, 0 if there was none
   * @param {{pointer: string, message: string}[]} errors
   */
  constructor(detail, help = "", status = 0, errors = []) {
    super(detail);
    this.help = help;
    this.status = status;
    this.errors = errors;
  }
}

/**
 * Return a problem as an element.
 * @param {Problem} problem
 * @returns {HTMLElement}
 */
export function drawProblem(problem) {
  const shown = el("div", { class: "problem" }, el("p", {}, ...prose(visible(problem.message))));
  if (problem.help) shown.append(el("p", { class: "help" }, "help: ", ...prose(problem.help)));
  if (problem.errors.length > 1) shown.append(places(problem.errors));
  return shown;
}

/**
 * @param {{pointer: string, message: string}[]} errors
 * @returns {HTMLElement}
 */
function places(errors) {
  const lines = errors.map(({ pointer, message }) =>
    el("li", {}, el("code", {}, pointer), ": ", ...prose(message)),
  );
  const title = el("summary", {}, counted(errors.length, "place"));
  return el("details", {}, title, el("ul", {}, ...lines));
}

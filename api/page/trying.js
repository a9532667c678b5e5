// Small adapters to try the page with.

import { byId, el } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { sourcesOf } from "./report.js";

/**
 * Add a button for each example.
 * @param {(example: {sent: import("./engine.js").Sent, sources: Map<string, string>}) => void} show
 */
export function offerExamples(show) {
  const buttons = EXAMPLES.map(({ title, body }) => {
    const button = el("button", { type: "button", class: "link" }, title);
    button.addEventListener("click", () => show({ sent: { body }, sources: sourcesOf(body) }));
    return button;
  });
  byId("examples").append(...buttons);
}

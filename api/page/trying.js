// Small adapters to try the page with.

import { byId, el } from "./dom.js";
import { EXAMPLES } from "./examples.js";

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

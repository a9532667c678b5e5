// Saves a result as a file.

import { el } from "./dom.js";
import { textOf } from "./engine.js";

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("./engine.js").Sent} Sent */

const KINDS = [
  ["HTML", "html", "text/html"],
  ["Markdown", "md", "text/markdown"],
  ["JSON", "json", "application/json"],
];

/**
 * Return buttons that save the result of what was sent.
 * @param {Engine} engine
 * @param {Sent} sent
 * @returns {HTMLElement}
 */
export function offerSaving(engine, sent) {
  const file = sent.body.name.replaceAll(/[^\w.-]+/g, "_");
  const buttons = KINDS.map(([title, suffix, type]) => {
    const button = el("button", { type: "button" }, title);
    button.addEventListener("click", async () => {
      button.disabled = true;
      save(await content(engine, sent, suffix), `${file}.loracfg.${suffix}`, type);
      button.disabled = false;
    });
    return button;
  });
  return el("p", { class: "buttons saving" }, "Save the result as", ...buttons);
}

/**
 * @param {Engine} engine
 * @param {Sent} sent
 * @param {string} suffix
 * @returns {Promise<string>}
 */
function content(engine, sent, suffix) {
  if (suffix === "html") return pageOfResult();
  const format = suffix === "md" ? "markdown" : "json";
  return textOf(engine, `validate?format=${format}`, sent);
}

/** @returns {Promise<string>} a file that needs no other */
async function pageOfResult() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const style = rules.map((rule) => rule.cssText).join("\n");
  const box = document.createElement("body");
  const result = document.getElementById("result").cloneNode(true);
  for (const one of result.querySelectorAll(".saving")) one.remove();
  for (const link of result.querySelectorAll("a[href^='#']")) {
    link.setAttribute("href", new URL(link.getAttribute("href"), location.href).href);
  }
  box.append(result);
  // the style is text: as an element, the policy of this page would forbid it
  const head = `<meta charset="utf-8">\n<title>loracfg</title>\n<style>\n${style}\n</style>`;
  return `<!doctype html>\n<html lang="en">\n<head>\n${head}\n</head>\n<body>\n${box.getHTML()}\n</body>\n</html>\n`;
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} type
 */
function save(text, name, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

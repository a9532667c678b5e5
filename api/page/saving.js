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
  const styles = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const page = document.implementation.createHTMLDocument("loracfg");
  const encoding = page.createElement("meta");
  encoding.setAttribute("charset", "utf-8");
  const style = page.createElement("style");
  style.textContent = styles.map((rule) => rule.cssText).join("\n");
  page.head.prepend(encoding, style);
  const result = page.importNode(document.getElementById("result"), true);
  for (const one of result.querySelectorAll(".saving")) one.remove();
  for (const link of result.querySelectorAll("a[href^='#']")) {
    link.setAttribute("href", new URL(link.getAttribute("href"), location.href).href);
  }
  page.body.append(result);
  return `<!doctype html>\n<html lang="en">${page.documentElement.getHTML()}</html>\n`;
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

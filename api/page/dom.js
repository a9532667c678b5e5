// Elements made from text and attributes. Nothing on the page parses markup.

const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/**
 * Make an element; strings among its children become text.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * Return the element with an id.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Escape characters that do not print: names are untrusted, and some reverse the text.
 * @param {string} text
 * @returns {string}
 */
export function visible(text) {
  return text.replace(UNPRINTABLE, (char) => `\\u{${char.codePointAt(0).toString(16)}}`);
}

/**
 * Return a message as text and `code`.
 * @param {string} message with literals in backticks
 * @returns {(Node | string)[]}
 */
export function prose(message) {
  return message
    .split(/(`[^`]*`)/)
    .filter((part) => part !== "")
    .map((part) => (/^`.+`$/s.test(part) ? el("code", {}, part.slice(1, -1)) : part));
}

/**
 * Return a number with its noun: `1 tensor`, `2 tensors`.
 * @param {number} number
 * @param {string} noun
 * @returns {string}
 */
export function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * Return a scale as the command line prints it: `2.0`, `0.353553`.
 * @param {number} value
 * @returns {string}
 */
export function scale(value) {
  const text = String(Number(value.toPrecision(6)));
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

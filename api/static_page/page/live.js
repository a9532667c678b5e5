// An adapter on a page of documentation: readers edit its config and that of its base, and
// see what is found.
//
//   <link rel="stylesheet" href="/site/page/style.css">
//   <div id="example"></div>
//   <script type="module">
//     import { liveExample } from "/site/page/live.js";
//     liveExample(document.getElementById("example"), body);
//   </script>
//
// `/site/` is a folder that `loracfg page` wrote, on the same host. `body` is the body of a
// `POST /validate` with its config as text; `body_of` of `loracfg/testing/building/page_bodies.py`
// makes one from the example on the page of a rule. The engine starts with the first example that
// a reader runs, and serves all others on the page. The page needs the policy
// `script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'`, or none.

import { el } from "./dom.js";
import { post } from "./engine.js";
import { localEngine } from "./local.js";
import { Problem, drawProblem } from "./problem.js";
import { drawFindings, sourcesOf, verdict } from "./report.js";

/** Changes within this many milliseconds are judged together. */
const PAUSE = 150;
const MOST_ROWS = 14;
const LINES_ABOVE = 5;

/** @type {ReturnType<typeof localEngine> | null} */
let engine = null;

/**
 * Show an example in an element of the document.
 * @param {HTMLElement} element is emptied
 * @param {any} body
 * @param {{rules?: string, line?: number, page?: string}} shown `rules` is the address of a rule's
 *   page, with `{code}`; `line` is the line of the config that readers see first; `page` is the
 *   address of the page for their own adapters, if examples lead there
 */
export function liveExample(element, body, { rules = "#{code}", line = 1, page = "" } = {}) {
  const config = editor("adapter_config.json", body.config ?? "");
  const base = body.base?.config === undefined ? null : editor("config.json", body.base.config);
  const run = el("button", { type: "button", class: "main" }, "Run");
  const reset = el("button", { type: "button" }, "Reset");
  const status = el("strong", { role: "status", "aria-live": "polite" });
  const result = el("div");
  const others = base ? [folded("Config of the base", base.label)] : [];
  const buttons = el("p", { class: "buttons" }, run, reset, el("span", {}, status));
  if (body.config === undefined) config.field.placeholder = "The file is missing.";
  const own = page ? [el("p", { class: "own" }, el("a", { href: page }, "Check your own adapter"))] : [];
  element.classList.add("live");
  element.replaceChildren(config.label, ...others, buttons, result, ...own);
  showLine(config.field, line);

  let pause = 0;
  let running = new AbortController();
  const say = (text, kind) => {
    status.textContent = text;
    status.parentElement.className = kind;
  };
  const judge = async () => {
    clearTimeout(pause);
    running.abort();
    running = new AbortController();
    engine ??= localEngine();
    if (!status.textContent) say("Loading the engine, about 9 MB the first time", "loading");
    const edited = { ...body, config: config.field.value };
    if (body.config === undefined && !config.field.value) delete edited.config;
    if (base) edited.base = { ...body.base, config: base.field.value };
    try {
      const { adapters } = await post(engine, "validate", { body: edited }, running.signal);
      result.replaceChildren(...drawFindings(adapters[0], sourcesOf(edited)));
      say(verdict(adapters[0]), adapters[0].status);
      for (const link of result.querySelectorAll("a.code")) {
        link.href = rules.replace("{code}", link.textContent);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Problem)) throw error;
      say("", "");
      result.replaceChildren(drawProblem(error));
    }
  };
  run.addEventListener("click", judge);
  reset.addEventListener("click", () => {
    config.field.value = body.config ?? "";
    if (base) base.field.value = body.base.config;
    showLine(config.field, line);
    if (engine) judge();
  });
  element.addEventListener("input", () => {
    clearTimeout(pause);
    if (engine) pause = setTimeout(judge, PAUSE);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    judge();
  });
}

/**
 * @param {string} name
 * @param {string} text
 */
function editor(name, text) {
  const rows = String(Math.min(text.split("\n").length, MOST_ROWS));
  const options = { spellcheck: "false", autocapitalize: "off", wrap: "off", rows };
  const field = el("textarea", { ...options, "aria-keyshortcuts": "Control+Enter" });
  field.value = text;
  return { field, label: el("label", {}, name, field) };
}

/**
 * @param {string} title
 * @param {HTMLElement} content
 */
function folded(title, content) {
  return el("details", {}, el("summary", {}, title), content);
}

/**
 * Scroll to a line, with a few lines above it.
 * @param {HTMLTextAreaElement} field
 * @param {number} line
 */
function showLine(field, line) {
  const lines = field.value.split("\n").length;
  field.scrollTop = (field.scrollHeight / lines) * Math.max(line - 1 - LINES_ABOVE, 0);
}

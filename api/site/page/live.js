// An adapter on a page of documentation: readers edit its config, and see what is found.
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
import { drawReport, verdict } from "./report.js";
import { sourcesOf } from "./trying.js";

/** Changes within this many milliseconds are judged together. */
const PAUSE = 150;

/** @type {ReturnType<typeof localEngine> | null} */
let engine = null;

/**
 * Show an example in an element.
 * @param {HTMLElement} element is emptied
 * @param {any} body
 * @param {{rules?: string}} links `rules` is the address of a rule's page, with `{code}`
 */
export function liveExample(element, body, { rules = "#{code}" } = {}) {
  const config = el("textarea", { spellcheck: "false", rows: "12", "aria-label": "Config" });
  config.value = body.config;
  const run = el("button", { type: "button" }, "Run");
  const status = el("span", { role: "status", "aria-live": "polite" });
  const result = el("div");
  const buttons = el("p", { class: "buttons" }, run, status);
  element.classList.add("live");
  element.replaceChildren(config, buttons, result);
  let pause = 0;
  let running = new AbortController();
  const judge = async () => {
    running.abort();
    running = new AbortController();
    engine ??= localEngine();
    if (!result.firstChild) status.textContent = "Loading the engine";
    const edited = { ...body, config: config.value };
    try {
      const { adapters } = await post(engine, "validate", { body: edited }, running.signal);
      const shown = drawReport(adapters[0], sourcesOf(edited));
      result.replaceChildren(...shown);
      status.textContent = verdict(adapters[0]);
      for (const link of result.querySelectorAll("a.code")) {
        link.href = rules.replace("{code}", link.textContent);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Problem)) throw error;
      status.textContent = "";
      result.replaceChildren(drawProblem(error));
    }
  };
  run.addEventListener("click", judge);
  config.addEventListener("input", () => {
    clearTimeout(pause);
    if (engine) pause = setTimeout(judge, PAUSE);
  });
}

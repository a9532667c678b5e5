// What the address names after `#`: a rule, all rules, a model type, or all model types.

import { byId } from "./dom.js";
import { drawProblem, Problem } from "./problem.js";
import { listModelTypes, listRules, showModelType } from "./listing.js";
import { showRule } from "./rules.js";

/** @typedef {import("./engine.js").Engine} Engine */

const CODE = /^#(LC\d{3})$/;
const MODEL_TYPE = "#model-types/";

/**
 * Show what the address names, now and whenever it changes.
 * @param {Engine} engine
 */
export function followAddress(engine) {
  const show = () => follow(engine);
  byId("rule").addEventListener("close", forgetRule);
  window.addEventListener("hashchange", show);
  show();
}

/** @param {Engine} engine */
async function follow(engine) {
  const { hash } = location;
  const isWanted = () => location.hash === hash;
  const code = CODE.exec(hash)?.[1];
  if (code) {
    await showRule(engine, code, isWanted);
    return;
  }
  byId("rule").close();
  const content = await listing(engine, hash);
  if (!isWanted()) return;
  byId("listing").replaceChildren(...(content ?? []));
  byId("listing").hidden = !content;
  byId("checking").hidden = Boolean(content);
  if (content) {
    window.scrollTo({ top: 0, behavior: "instant" });
    byId("listing").querySelector("h2")?.focus();
  }
}

/**
 * @param {Engine} engine
 * @param {string} hash
 * @returns {Promise<HTMLElement[] | null>} null if the address names none
 */
async function listing(engine, hash) {
  try {
    if (hash === "#rules") return await listRules(engine);
    if (hash === "#model-types") return await listModelTypes(engine);
    if (!hash.startsWith(MODEL_TYPE)) return null;
    return await showModelType(engine, decodeURIComponent(hash.slice(MODEL_TYPE.length)));
  } catch (error) {
    if (error instanceof Problem) return [drawProblem(error)];
    throw error;
  }
}

/** Closing a rule leads back to the list, or to the page. */
function forgetRule() {
  if (!CODE.test(location.hash)) return;
  const list = byId("listing").querySelector("h2")?.dataset.address ?? "";
  history.replaceState(null, "", location.pathname + location.search + list);
}

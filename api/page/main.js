// The page: choose files, ask the engine, draw the answers.

import { prepare } from "./body.js";
import { adapterLines, baseLines } from "./chosen.js";
import { byId, el, prose, visible } from "./dom.js";
import { get, post } from "./engine.js";
import { chosenFiles, droppedFiles } from "./files.js";
import { drawCoverage } from "./grid.js";
import { Problem, drawProblem } from "./problem.js";
import { drawReport, verdict } from "./report.js";
import { offerSaving } from "./saving.js";
import { adaptersIn, baseAmong, baseOf } from "./sorting.js";
import { offerExamples } from "./trying.js";
import { followAddress } from "./views.js";

/** @typedef {import("./sorting.js").Adapter} Adapter */
/** @typedef {import("./sorting.js").Base} Base */

/** @type {{adapters: Adapter[], base: Base | null}} */
const chosen = { adapters: [], base: null };
/** The base that was read along with an adapter. @type {Base | null} */
let baseFound = null;
/** @type {import("./engine.js").Engine} */
let engine;
let running = new AbortController();

/** @param {import("./files.js").Item[]} items */
async function takeAdapter(items) {
  chosen.adapters = adaptersIn(items);
  const names = chosen.adapters.map(({ name }, index) =>
    el("option", { value: String(index) }, visible(name)),
  );
  byId("which-adapter").replaceChildren(...names);
  byId("which").hidden = names.length < 2;
  await showAdapter();
  const base = await baseAmong(items);
  if (base) await setBase(base);
}

async function showAdapter() {
  const adapter = chosenAdapter();
  const lines = adapter ? await adapterLines(adapter, engine.words.taken) : [];
  byId("adapter-chosen").replaceChildren(...lines);
}

function chosenAdapter() {
  return chosen.adapters[Number(byId("which-adapter").value)];
}

/** @param {import("./files.js").Item[]} items */
async function takeBase(items) {
  const base = baseOf(items);
  if (!base) {
    const names = items.map(({ file }) => `\`${file.name}\``).slice(0, 3);
    throw new Problem(`no base in ${names.join(", ")}`, "choose a `config.json` or `.safetensors`");
  }
  await setBase(base);
}

/** @param {Base | null} base */
async function setBase(base) {
  chosen.base = base;
  const lines = base ? await baseLines(base, engine.words.taken) : [];
  if (base) {
    byId("model-type").value = "";
    const remove = el("button", { type: "button" }, "Remove");
    remove.addEventListener("click", () => {
      setBase(null);
      byId("base-files").focus();
    });
    lines.push(el("li", {}, remove));
  }
  byId("base-chosen").replaceChildren(...lines);
}

/** @returns {object} */
function options() {
  const text = (id) => byId(id).value.trim();
  const codes = (id) => text(id).split(/[\s,]+/).filter(Boolean);
  const lists = { select: codes("select"), ignore: codes("ignore") };
  const all = { peft: text("peft"), class: text("class"), ...lists };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value.length));
}

async function validate() {
  const adapter = chosenAdapter();
  if (!adapter) throw new Problem("no adapter chosen", "choose its folder or files");
  await show(async () => {
    const base = chosen.base ?? (byId("model-type").value.trim() || null);
    const { body, sources } = await prepare(adapter, base, options(), engine.isLocal);
    return { sent: { body, archive: adapter.archive }, sources };
  });
}

/**
 * Show the result for what is to be sent.
 * @param {() => Promise<{sent: import("./engine.js").Sent, sources: Map<string, string>}>} prepared
 */
async function show(prepared) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  byId("result").hidden = true;
  say("Validating");
  const { sent, sources } = await prepared();
  const report = await post(engine, "validate", sent, signal);
  byId("report").replaceChildren(
    ...report.adapters.flatMap((one) => drawReport(one, sources)),
    offerSaving(engine, sent),
  );
  byId("coverage").replaceChildren();
  byId("result").hidden = false;
  say(report.adapters.length === 1 ? verdict(report.adapters[0]) : summary(report.adapters));
  byId("result").scrollIntoView({ block: "nearest" });
  if (sent.archive && !engine.isLocal) return; // it would be uploaded again
  byId("coverage").replaceChildren(...(await coverage(sent, signal)));
}

/** @param {any[]} adapters */
function summary(adapters) {
  const statuses = new Map();
  for (const { status } of adapters) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const words = [...statuses].map(([status, number]) => `${number} ${status}`);
  return `${adapters.length} adapters: ${words.join(", ")}`;
}

/**
 * @param {import("./engine.js").Sent} sent
 * @param {AbortSignal} signal
 * @returns {Promise<HTMLElement[]>}
 */
async function coverage(sent, signal) {
  try {
    const { adapters } = await post(engine, "modules", sent, signal);
    return adapters.flatMap(({ path, modules }) =>
      drawCoverage(modules, adapters.length > 1 ? path : null),
    );
  } catch (error) {
    // the report is shown without its picture
    if (error instanceof Problem) return [el("h2", {}, "Coverage"), drawProblem(error)];
    throw error;
  }
}

/** @param {string} text */
function say(text) {
  byId("status").textContent = text;
}

/**
 * Do something, and show a problem if it fails.
 * @param {() => Promise<void>} work
 */
async function attempt(work) {
  byId("trouble").replaceChildren();
  try {
    await work();
  } catch (error) {
    if (error.name === "AbortError") return;
    say("");
    byId("trouble").replaceChildren(drawProblem(asProblem(error)));
  }
}

/**
 * @param {Error} error
 * @returns {Problem}
 */
function asProblem(error) {
  if (error instanceof Problem) return error;
  if (["NotReadableError", "NotFoundError"].includes(error.name)) {
    return new Problem("a file has changed since you chose it", "choose it again");
  }
  return new Problem(`internal error: ${error.message}`, "please report it");
}

/**
 * @param {string} id of the button; its input has the same with `-input`
 * @param {(items: import("./files.js").Item[]) => Promise<void>} take
 */
function openByButton(id, take) {
  const input = byId(`${id}-input`);
  byId(id).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const items = chosenFiles(input);
    input.value = ""; // allows choosing the same files again
    if (items.length) attempt(() => take(items));
  });
}

function takeDrops() {
  const zone = (event) => event.target.closest?.(".drop") ?? byId("adapter");
  const mark = (over) => {
    const zones = document.querySelectorAll(".drop");
    for (const one of zones) one.classList.toggle("over", one === over);
  };
  // anywhere on the page: by default, the browser would open the file instead
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(zone(event));
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget ?? mark(null));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(null);
    const take = zone(event).id === "base" ? takeBase : takeAdapter;
    const items = droppedFiles(event.dataTransfer);
    attempt(async () => take(await items));
  });
}

async function listBases() {
  const bases = await get(engine, "bases");
  const names = bases.map((base) =>
    el("option", { value: base.model_type, label: base.library }),
  );
  byId("model-types").replaceChildren(...names);
  const classes = new Map(bases.map((base) => [base.model_type, base.classes]));
  byId("model-type").addEventListener("input", ({ target }) => {
    if (chosen.base) setBase(null);
    const known = classes.get(target.value.trim()) ?? [];
    byId("classes").replaceChildren(...known.map((name) => el("option", { value: name })));
  });
}

/** @typedef {import("./files.js").Item[]} Items */

/**
 * Read an adapter from elsewhere, and perhaps its base, and validate it.
 * @param {(hasBase: boolean) => Promise<{adapter: Items, base: Items}>} read
 */
async function readAndValidate(read) {
  await attempt(async () => {
    byId("result").hidden = true;
    if (chosen.base === baseFound) await setBase(null); // it belongs to what was read before
    const { adapter, base } = await read(Boolean(chosen.base ?? byId("model-type").value.trim()));
    await takeAdapter(adapter);
    if (base.length) await takeBase(base);
    baseFound = base.length ? chosen.base : null;
    await validate();
  });
}

/**
 * Make the page work with an engine.
 * @param {import("./engine.js").Engine} answering
 * @returns {typeof readAndValidate}
 */
export function startPage(answering) {
  engine = answering;
  byId("privacy").replaceChildren(...prose(engine.words.privacy));
  openByButton("adapter-folder", takeAdapter);
  openByButton("adapter-files", takeAdapter);
  openByButton("base-files", takeBase);
  takeDrops();
  byId("which-adapter").addEventListener("change", () => attempt(showAdapter));
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(validate);
  });
  offerExamples((example) => attempt(() => show(async () => example)));
  followAddress(engine);
  attempt(listBases);
  return readAndValidate;
}

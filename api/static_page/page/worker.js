// The worker that runs the engine: it answers requests of the page as the service would.

import { loadPyodide } from "../pyodide/pyodide.mjs";
import { stepClock } from "./steps.js";
import { unpacked } from "./unpack.js";

/** @typedef {{id: number, path: string, body: object | null, archive: File | null}} Asked */
/** @typedef {{id: number, status: number, content: string}} Answered */

const HOME = new URL("../", import.meta.url).href;

const browser = start();
browser.catch((error) => self.postMessage({ failure: String(error.message ?? error) }));

// one after another: Python has one thread, and an archive is read in many steps
let last = browser;
self.onmessage = ({ data }) => {
  last = last.then(() => answer(data));
};

async function start() {
  const code = fetched("python.tgz").then((answer) => answer.arrayBuffer()).then(unpacked);
  const lockFileContents = await fetched("pyodide/lock.json").then((answer) => answer.json());
  const python = await loadPyodide({ indexURL: `${HOME}pyodide/`, lockFileContents });
  install(python, await code);
  const { Browser } = python.pyimport("loracfg_api.static_page.in_browser");
  const made = Browser(stepClock((buffer) => python.setInterruptBuffer(buffer)));
  self.postMessage({ ready: true });
  return made;
}

/** @param {string} path */
async function fetched(path) {
  const answer = await fetch(HOME + path);
  if (!answer.ok) throw new Error(`\`${path}\` cannot be read (status ${answer.status})`);
  return answer;
}

/**
 * Write the code of Python packages to where Python imports from.
 * @param {any} python
 * @param {Map<string, Uint8Array>} files
 */
function install(python, files) {
  const packages = python.runPython("import sysconfig; sysconfig.get_paths()['purelib']");
  const folders = new Set();
  for (const [name, content] of files) {
    const folder = `${packages}/${name.slice(0, name.lastIndexOf("/") + 1)}`;
    if (!folders.has(folder)) python.FS.mkdirTree(folder);
    folders.add(folder);
    python.FS.writeFile(`${packages}/${name}`, content, { canOwn: true });
  }
}

/** @param {Asked} asked */
async function answer({ id, path, body, archive }) {
  try {
    const refused = archive ? await feed(archive) : null;
    const found = refused ?? take((await browser).answer(path, body ? JSON.stringify(body) : undefined));
    self.postMessage({ id, ...found });
  } catch (error) {
    self.postMessage({ id, status: 500, content: crash(error) });
  }
}

/**
 * Pass an archive to Python; return the answer if it is rejected.
 * @param {File} archive
 * @returns {Promise<{status: number, content: string} | null>}
 */
async function feed(archive) {
  const python = await browser;
  python.begin_archive();
  const reader = archive.stream().getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const refused = python.feed_archive(part.value);
    if (refused) {
      await reader.cancel();
      return take(refused);
    }
  }
  return null;
}

/**
 * Return an answer of Python as an object, and free it.
 * @param {any} proxy
 * @returns {{status: number, content: string}}
 */
function take(proxy) {
  const { status, content } = proxy;
  proxy.destroy();
  return { status, content };
}

/** @param {Error} error */
function crash(error) {
  const lines = String(error.message).trim().split("\n");
  return JSON.stringify({ detail: `internal error: ${lines.at(-1)}`, help: "please report it" });
}

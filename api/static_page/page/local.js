// The engine in a worker of this browser, which answers as the service would.

import { Problem } from "./problem.js";

const WORKER = new URL("worker.js", import.meta.url).href;

/**
 * Start the worker, and return it as an engine. It answers what is asked before it is ready as soon
 * as it is.
 * @returns {import("./engine.js").Engine & {ready: Promise<void>}}
 */
export function localEngine() {
  // a worker made from a blob has the policy of this document, which names no other host
  const script = new Blob([`import ${JSON.stringify(WORKER)};`], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(script), { type: "module" });
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void}>} */
  const waiting = new Map();
  let asked = 0;
  const ready = new Promise((resolve, reject) => {
    const fail = (message) => {
      const error = new Problem(`the engine did not start: ${message}`, "reload the page");
      reject(error);
      for (const one of waiting.values()) one.reject(error);
    };
    worker.onerror = (event) => fail(event.message ?? "its files cannot be read");
    worker.onmessage = ({ data }) => {
      if (data.ready) resolve();
      else if (data.failure !== undefined) fail(data.failure.trim().split("\n").at(-1));
      else take(data);
    };
  });

  /** @param {{id: number, status: number, content: string}} answer */
  function take({ id, ...answer }) {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  }

  return {
    ready,
    isLocal: true,
    words: {
      taken: "read",
      privacy:
        "Nothing leaves this computer: your files are checked here, in the browser. Of the weights, only the header is read (tensor names, dtypes and shapes).",
      noJson: "the engine did not answer with JSON",
    },
    async ask(path, sent, signal) {
      await ready;
      const id = (asked += 1);
      return new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => {
          waiting.delete(id);
          reject(signal.reason);
        });
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, path, body: sent?.body ?? null, archive: sent?.archive ?? null });
      });
    },
  };
}

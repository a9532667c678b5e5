// Asks the Hub for ranges of files, for the page around it. This is the only document whose policy
// allows requests to another host, and it is only there while readers allow it.

import { HUB } from "./hub_place.js";

/** @typedef {{repo: string, revision: string, path: string, start: number, stop: number, most: number}} Wanted */
/**
 * @typedef {{status: number, headers: Record<string, string>, data: Uint8Array}
 *   | {failure: "unreachable" | "late" | "blocked"}} Sent
 */

const MOST_MILLISECONDS = 40_000;
const TOLD = ["content-range", "content-length", "etag", "x-repo-commit", "x-error-code", "x-error-message"];

/** Whether the policy did not allow a redirect; the browser does not tell where to. */
let isBlocked = false;

addEventListener("securitypolicyviolation", () => {
  isBlocked = true;
});
addEventListener("message", async ({ origin, source, data, ports }) => {
  if (origin !== location.origin || source !== parent) return;
  ports[0].postMessage(await answered(data));
});
parent.postMessage("ready", location.origin);

/**
 * @param {Wanted} wanted
 * @returns {Promise<Sent>}
 */
async function answered({ repo, revision, path, start, stop, most }) {
  const steps = [...repo.split("/"), "resolve", revision, ...path.split("/")];
  isBlocked = false;
  try {
    const answer = await fetch(`${HUB.endpoint}/${steps.map(encodeURIComponent).join("/")}`, {
      headers: { Range: `bytes=${start}-${stop - 1}` },
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(MOST_MILLISECONDS),
    });
    const told = TOLD.map((name) => [name, answer.headers.get(name)]);
    const headers = Object.fromEntries(told.filter(([, value]) => value !== null));
    const isFine = answer.status === 200 || answer.status === 206;
    return { status: answer.status, headers, data: isFine ? await beginning(answer, most) : new Uint8Array() };
  } catch (error) {
    if (["TimeoutError", "AbortError"].includes(error.name)) return { failure: "late" };
    await new Promise((resolve) => setTimeout(resolve)); // a violation is told after the failure
    return { failure: isBlocked ? "blocked" : "unreachable" };
  }
}

/**
 * Return the content, or a little more than so many bytes of it; the rest is not downloaded.
 * @param {Response} answer
 * @param {number} most
 */
async function beginning(answer, most) {
  const reader = answer.body.getReader();
  const parts = [];
  let size = 0;
  while (size <= most) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  await reader.cancel();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

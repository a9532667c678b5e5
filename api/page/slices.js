// The parts of files that are uploaded: for weights, those that describe the tensors.

import { Problem } from "./problem.js";

/** @typedef {{head: Blob, tail: Blob | null, size: number}} Slices */

export const LENGTH_BYTES = 8;
const FIRST_BYTES = 520; // enough to recognize other formats
export const MOST_SENT = 25_000_000;
const MOST_READ = 100_000_000; // the safetensors library rejects longer headers
const END_BYTES = 4 * 1024 * 1024;

/**
 * Return the header of a safetensors file, or the first bytes if there can be none.
 * @param {File} file
 * @returns {Promise<Slices>}
 */
export async function headerOf(file) {
  const length = await headerLength(file);
  const fits = LENGTH_BYTES + length <= file.size;
  if (fits && length > MOST_SENT && length <= MOST_READ) {
    const has = `the header of \`${file.name}\` has ${length} bytes`;
    const advice = "use `loracfg validate`, or shorten `__metadata__`";
    throw new Problem(`${has}, more than this page's limit of ${MOST_SENT}`, advice);
  }
  const end = fits && length <= MOST_SENT ? LENGTH_BYTES + length : FIRST_BYTES;
  return { head: file.slice(0, end), tail: null, size: file.size };
}

/**
 * Return the two ends of a `.bin` file; its index is in one of them.
 * @param {File} file
 * @returns {Slices}
 */
export function endsOf(file) {
  if (file.size <= 2 * END_BYTES) return { head: file.slice(), tail: null, size: file.size };
  const tail = file.slice(file.size - END_BYTES);
  return { head: file.slice(0, END_BYTES), tail, size: file.size };
}

/**
 * Return the number of bytes in slices.
 * @param {Slices} slices
 * @returns {number}
 */
export function sentBytes(slices) {
  return slices.head.size + (slices.tail?.size ?? 0);
}

/**
 * Return slices as the service expects them.
 * @param {Slices} slices
 * @returns {Promise<{head: string, tail?: string, size: number}>}
 */
export async function encoded(slices) {
  const { head, tail, size } = slices;
  return { head: await base64(head), ...(tail && { tail: await base64(tail) }), size };
}

/**
 * Return the text of a JSON file with its byte order mark, which the service reports.
 * @param {File} file
 * @returns {Promise<string>}
 */
export async function textOf(file) {
  const text = await decoded(file);
  if (text !== null) return text;
  throw new Problem(`\`${file.name}\` is not UTF-8`, "save the file as UTF-8");
}

/**
 * Return an adapter's config for a request: as text, or as bytes if it is not text.
 * @param {File} file
 * @returns {Promise<{config: string} | {config_base64: string}>}
 */
export async function configOf(file) {
  const text = await decoded(file);
  return text === null ? { config_base64: await base64(file) } : { config: text };
}

/**
 * @param {File} file
 * @returns {Promise<string | null>}
 */
async function decoded(file) {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(await file.arrayBuffer());
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * Return the length of a header by its first bytes, infinity if there are too few.
 * @param {Blob} file
 * @returns {Promise<number>}
 */
export async function headerLength(file) {
  const start = await file.slice(0, LENGTH_BYTES).arrayBuffer();
  if (start.byteLength < LENGTH_BYTES) return Infinity;
  return Number(new DataView(start).getBigUint64(0, true));
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

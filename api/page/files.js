// Files that were dropped or chosen, each with its path.

import { Problem } from "./problem.js";

/** @typedef {{path: string, file: File}} Item */

const MAX_FILES = 10_000;

/**
 * Return the files of an `<input type=file>`.
 * @param {HTMLInputElement} input
 * @returns {Item[]}
 */
export function chosenFiles(input) {
  return Array.from(input.files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * Return the dropped files, including those in folders.
 * @param {DataTransfer} transfer is only open while the event is handled, so it is read at once
 * @returns {Promise<Item[]>}
 */
export async function droppedFiles(transfer) {
  const dropped = Array.from(transfer.items)
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  /** @type {Item[]} */
  const found = [];
  for (const one of dropped) await collect(one, found);
  return found;
}

/**
 * @param {FileSystemEntry | File} one
 * @param {Item[]} found
 */
async function collect(one, found) {
  if (found.length >= MAX_FILES) throw tooMany();
  if (one instanceof File) {
    found.push({ path: one.name, file: one });
  } else if (one.isFile) {
    found.push({ path: one.fullPath.replace(/^\//, ""), file: await fileOf(one) });
  } else {
    for (const inside of await entriesOf(one)) await collect(inside, found);
  }
}

/** @returns {Problem} */
function tooMany() {
  const detail = `the folder has more than ${MAX_FILES} files, the limit of this page`;
  return new Problem(detail, "drop the adapter's own folder");
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/**
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<FileSystemEntry[]>}
 */
async function entriesOf(folder) {
  const reader = folder.createReader();
  const read = () => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  const all = [];
  // a reader returns at most a hundred entries at a time, and none at the end
  for (let some = await read(); some.length; some = await read()) all.push(...some);
  return all;
}

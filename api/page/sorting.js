// Which files are an adapter's, and which are its base's.

/** @typedef {import("./files.js").Item} Item */
/**
 * @typedef {{name: string, files: Map<string, File>, archive?: File}} Adapter an archive may have
 *   several adapters, which only the engine finds
 */
/** @typedef {{name: string, config: File | null, weights: Map<string, File>}} Base */

export const CONFIG = "adapter_config.json";
export const SAFETENSORS = "adapter_model.safetensors";
export const PICKLE = "adapter_model.bin";

const OWN = new Set([CONFIG, SAFETENSORS, PICKLE]);
const BASE_CONFIG = "config.json";
const ARCHIVE = /\.(zip|tar|tar\.gz|tgz)$/i;

/**
 * Return the adapters among files: a folder is one if it has a config or weights and no folder
 * above it has. If there is none, all files are treated as one.
 * @param {Item[]} items
 * @returns {Adapter[]}
 */
export function adaptersIn(items) {
  if (items.length && items.every((item) => ARCHIVE.test(item.path))) return items.map(packed);
  const homes = new Set(items.filter((item) => OWN.has(last(item.path))).map((i) => home(i.path)));
  const top = [...homes].filter((one) => !above(one).some((folder) => homes.has(folder)));
  if (items.length && !top.length) top.push(common(items));
  return top.sort().map((folder) => ({
    name: folder || "adapter",
    files: inside(items, folder),
  }));
}

/**
 * @param {Item} item
 * @returns {Adapter}
 */
function packed({ file }) {
  return { name: file.name.replace(ARCHIVE, "") || "adapter", files: new Map(), archive: file };
}

/**
 * Return the base among the files of an adapter, or null unless there is exactly one.
 * @param {Item[]} items
 * @returns {Promise<Base | null>}
 */
export async function baseAmong(items) {
  const configs = items.filter((item) => last(item.path) === BASE_CONFIG);
  const depth = Math.min(...configs.map((item) => item.path.split("/").length));
  const nearest = configs.filter((item) => item.path.split("/").length === depth);
  if (nearest.length !== 1 || (await isAdapterConfig(nearest[0].file))) return null;
  const folder = home(nearest[0].path);
  return baseOf(items.filter((item) => home(item.path) === folder));
}

/**
 * Return the base in files: a config, a checkpoint or both; null if there is neither.
 * @param {Item[]} items
 * @returns {Base | null}
 */
export function baseOf(items) {
  const others = items.filter((item) => !OWN.has(last(item.path)));
  const documents = others.filter((item) => item.path.endsWith(".json"));
  const config =
    documents.find((item) => last(item.path) === BASE_CONFIG) ??
    (documents.length === 1 ? documents[0] : null);
  const shards = others.filter((item) => item.path.endsWith(".safetensors"));
  if (!config && !shards.length) return null;
  const folder = home((config ?? shards[0]).path);
  return {
    name: shards.length ? folder || "base" : config.path,
    config: config?.file ?? null,
    weights: new Map(shards.map((item) => [last(item.path), item.file])),
  };
}

/**
 * @param {File} file
 * @returns {Promise<boolean>}
 */
async function isAdapterConfig(file) {
  try {
    return "peft_type" in JSON.parse(await file.text());
  } catch {
    return false;
  }
}

/** @param {string} path */
function last(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** @param {string} path */
function home(path) {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** @param {string} folder */
function above(folder) {
  const steps = folder.split("/");
  return folder ? steps.map((_, index) => steps.slice(0, index).join("/")) : [];
}

/** @param {Item[]} items */
function common(items) {
  const first = new Set(items.map(({ path }) => (path.includes("/") ? path.split("/")[0] : "")));
  return first.size === 1 ? [...first][0] : "";
}

/**
 * @param {Item[]} items
 * @param {string} folder
 * @returns {Map<string, File>}
 */
function inside(items, folder) {
  const start = folder ? `${folder}/` : "";
  const within = items.filter((item) => item.path.startsWith(start));
  return new Map(within.map((item) => [item.path.slice(start.length), item.file]));
}

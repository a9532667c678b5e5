// Modules arranged in tables: one for each stack of layers, with a row for each layer.

/** @typedef {"wrong_shape" | "missing" | "unknown" | "fits" | "not_targeted"} State */
/** @typedef {{path: string, state: State, rank: number | null, scaling: number | null}} Module */
/** @typedef {{name: string, modules: Module[]}} Column names of modules below a layer */
/** @typedef {{name: string, columns: string[], rows: Map<number, Map<string, Module[]>>}} Stack */

/** Worst first. @type {State[]} */
export const STATES = ["wrong_shape", "missing", "unknown", "fits", "not_targeted"];

const NUMBER = /^\d+$/;

/**
 * Arrange modules; those outside layers are separate. Names that differ only in numbers, such as
 * those of experts, share a column and are shown with `*`.
 * @param {Module[]} modules
 * @returns {{stacks: Stack[], others: Module[]}}
 */
export function arrange(modules) {
  /** @type {Map<string, Stack>} */
  const stacks = new Map();
  const others = [];
  for (const module of modules) {
    const found = placeOf(module.path);
    if (found) put(stacks, found, module);
    else others.push(module);
  }
  for (const stack of stacks.values()) order(stack);
  return { stacks: [...stacks.values()], others };
}

/**
 * Count modules by state.
 * @param {Module[]} modules
 * @returns {Map<State, number>} worst first, without states that none has
 */
export function tally(modules) {
  const counts = new Map(STATES.map((state) => [state, 0]));
  for (const { state } of modules) counts.set(state, (counts.get(state) ?? 0) + 1);
  return new Map([...counts].filter(([, number]) => number));
}

/**
 * Return all modules of a stack.
 * @param {Stack} stack
 * @returns {Module[]}
 */
export function modulesOf(stack) {
  return [...stack.rows.values()].flatMap((row) => [...row.values()].flat());
}

/**
 * Return the name of a column: with the numbers of its modules, if they are all the same.
 * @param {Stack} stack
 * @param {string} column
 * @returns {string}
 */
export function columnName(stack, column) {
  const inRows = [...stack.rows.values()].flatMap((row) => row.get(column) ?? []);
  const names = new Set(inRows.map((module) => placeOf(module.path).rest));
  return (names.size === 1 ? [...names][0] : column) || "itself";
}

/** @param {string} path */
function placeOf(path) {
  const steps = path.split(".");
  const at = steps.findIndex((step) => NUMBER.test(step));
  if (at < 0) return null;
  const below = steps.slice(at + 1);
  return {
    stack: steps.slice(0, at).join("."),
    layer: Number(steps[at]),
    rest: below.join("."),
    column: below.map((step) => (NUMBER.test(step) ? "*" : step)).join("."),
  };
}

/**
 * @param {Map<string, Stack>} stacks
 * @param {{stack: string, layer: number, column: string}} found
 * @param {Module} module
 */
function put(stacks, found, module) {
  const { stack: name, layer, column } = found;
  if (!stacks.has(name)) stacks.set(name, { name, columns: [], rows: new Map() });
  const { rows } = stacks.get(name);
  if (!rows.has(layer)) rows.set(layer, new Map());
  const row = rows.get(layer);
  if (!row.has(column)) row.set(column, []);
  row.get(column).push(module);
}

/** @param {Stack} stack */
function order(stack) {
  stack.rows = new Map([...stack.rows].sort(([one], [other]) => one - other));
  stack.columns = [...new Set([...stack.rows.values()].flatMap((row) => [...row.keys()]))];
}

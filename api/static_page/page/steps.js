// Ends what Python's `re` does after a number of steps: a worker has no signals.

const INTERRUPT = 2; // the number of SIGINT

/**
 * A buffer for signals that counts how often Python looks into it.
 * @param {(buffer: object | undefined) => void} attach make Python look, or stop looking
 * @returns {{start: (times: number) => void, stop: () => number}}
 */
export function stepClock(attach) {
  let taken = 0;
  let allowed = 0;
  const buffer = {
    get 0() {
      taken += 1;
      return taken > allowed ? INTERRUPT : 0;
    },
    set 0(_) {}, // Python takes a signal out once it has seen it
  };
  return {
    start(times) {
      taken = 0;
      allowed = times;
      attach(buffer);
    },
    stop() {
      attach(undefined);
      return taken;
    },
  };
}

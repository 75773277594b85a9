const HEARTBEAT_MS = 10_000;
const NAME_WIDTH = 14;

/**
 * @typedef {object} Step
 * @property {(text: string) => void} begin says what is being done and why; repeats how far it is every 10 s
 * @property {(text: string) => void} at how far it is: shown with the next repetition
 * @property {(text: string) => void} end says the result and how long it took
 * @property {(text: string) => void} note one line at any time
 * @property {() => void} stop ends the repetition without a line
 */

/** @param {number} ms */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/**
 * Lines instead of bars: several steps run at once, and the log of a CI run must read the same.
 * A step that never begins prints nothing.
 *
 * @param {{ write(text: string): unknown }} stream
 */
export function createProgress(stream) {
  let lines = 0;
  return {
    /** How many lines were printed: none means that all was done already. */
    get lines() {
      return lines;
    },
    /**
     * @param {string} name
     * @returns {Step}
     */
    step(name) {
      /** @type {NodeJS.Timeout | undefined} */
      let heartbeat;
      let startedAt = Date.now();
      let position = "";
      /** @param {string} text */
      const note = (text) => {
        lines += 1;
        stream.write(`  ${name.padEnd(NAME_WIDTH)}${text}\n`);
      };
      const stop = () => clearInterval(heartbeat);
      return {
        note,
        stop,
        begin(text) {
          stop();
          startedAt = Date.now();
          position = "";
          note(`${text} ...`);
          heartbeat = setInterval(() => note(`  ${position || "still at it"} (${duration(Date.now() - startedAt)})`), HEARTBEAT_MS);
          heartbeat.unref();
        },
        at(text) {
          position = text;
        },
        end(text) {
          stop();
          note(`${text} (${duration(Date.now() - startedAt)})`);
        },
      };
    },
  };
}

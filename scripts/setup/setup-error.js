/** A problem that a person can mend: printed without a stack trace, and ends the command with exit code 1. */
export class SetupError extends Error {
  /**
   * @param {string} code stable, upper-case, for searching
   * @param {string} message the cause with its value, what is allowed, and the next command
   */
  constructor(code, message) {
    super(message);
    this.name = "SetupError";
    this.code = code;
  }
}

/** Something about the miniature or its machine that a person can mend. Shown without a stack trace. */
export class MiniatureError extends Error {
  readonly code: string;
  readonly value?: string;
  readonly allowed?: string;
  /** The next command, or what to do before it. */
  readonly next?: string;

  /** @param code stable, upper-case, for searching */
  constructor(code: string, message: string, details: { value?: string; allowed?: string; next?: string } = {}) {
    super(message);
    this.name = "MiniatureError";
    this.code = code;
    Object.assign(this, details);
  }
}

/**
 * Something that whoever typed the command can mend: shown as code, cause, value, what is allowed and the next command,
 * without a stack trace; the command ends with exit code 1.
 */
export class UserError extends Error {
  readonly code: string;
  readonly value?: string;
  readonly allowed?: string;
  readonly next?: string;

  /**
   * @param code stable, upper-case, for searching
   * @param cause one sentence, or several lines if there are several problems
   */
  constructor(code: string, cause: string, details: { value?: string; allowed?: string; next?: string } = {}) {
    super(cause);
    this.name = "UserError";
    this.code = code;
    Object.assign(this, details);
  }
}

/** The page and section that list what is not emulated. */
export const NOT_EMULATED_PAGE = "local/README.md#not-emulated";

/** An error that ARM answers with: `code` and `message` are what a client shows to people, in Azure's own words where they are known. */
export class ArmError extends Error {
  readonly code: string;
  /** HTTP status; within a long-running operation it is not used. */
  readonly status: number;
  readonly details?: ArmErrorDetail[];

  constructor(code: string, message: string, status = 400, details?: ArmErrorDetail[]) {
    super(message);
    this.name = "ArmError";
    this.code = code;
    this.status = status;
    if (details) this.details = details;
  }
}

export interface ArmErrorDetail {
  code: string;
  message: string;
}

export interface ArmErrorBody {
  error: ArmErrorDetail & { details?: ArmErrorDetail[] };
}

export function errorBody({ code, message, details }: ArmError): ArmErrorBody {
  return { error: { code, message, ...(details && { details }) } };
}

/** Anything thrown, as the error a client may see: what is not an ArmError is a fault of the miniature, and its text stays in the log. */
export function asArmError(thrown: unknown): ArmError {
  if (thrown instanceof ArmError) return thrown;
  return new ArmError(
    "InternalServerError",
    "The miniature failed to answer this request. Its log says why: .toolwharf/local/daemon.log",
    500,
  );
}

/**
 * What Azure has and the miniature has not. 501, because clients do not repeat it.
 * @param what the property, value or operation, named as the caller wrote it
 * @param instead what to do about it, as a whole sentence
 */
export function notEmulated(what: string, instead?: string): ArmError {
  const advice = instead ? ` ${instead}` : "";
  return new ArmError("NotEmulated", `Azure in miniature does not emulate ${what}.${advice} See ${NOT_EMULATED_PAGE}`, 501);
}

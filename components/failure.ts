import * as pulumi from "@pulumi/pulumi";

/**
 * Something that whoever runs `pulumi up` can mend: a code to search for, the cause, the value, what is allowed and the
 * next command. The engine shows the text alone, and the run ends with an error.
 */
export class Failure extends pulumi.RunError {
  /** Upper-case, stable. */
  readonly code: string;

  /** @param details a line each, `name: text`; text of several lines is put below its name */
  constructor(code: string, cause: string, details: Record<string, string | undefined> = {}) {
    const text = [`${code}: ${cause}`, ...Object.entries(details).flatMap(([name, value]) => (value ? [detail(name, value)] : []))].join("\n");
    super(text);
    this.code = code;
    // The SDK puts the names of properties in front when the error comes through an input.
    Object.defineProperty(this, "message", { get: () => text, set: () => undefined });
    // The SDK prints a stack where it has one and no longer knows what kind of error it is.
    this.stack = "";
  }
}

function detail(name: string, text: string): string {
  return text.includes("\n") ? `  ${name}:\n    ${text.replaceAll("\n", "\n    ")}` : `  ${name}: ${text}`;
}

/**
 * Ends the run with an error without throwing: what the program returned is still stored as outputs, and the engine,
 * seeing the program fail, deletes nothing that was not declared this time. An error that the SDK reports too, because
 * it is the same object, is shown once.
 */
export async function raise(failures: readonly unknown[]): Promise<void> {
  for (const failure of failures) void Promise.reject(failure);
  // The SDK must see them while the program runs; afterwards it shows errors as its own, with a stack.
  await new Promise((resolve) => setImmediate(resolve));
}

/** The SDK's own error for what hangs on a resource that failed; the first words come with its property. */
const REGISTRATION = /(?:^|: )resource (\S+) \[[^\]]+\] failed to register$/;

/** Whether an error only says that a resource failed, whose own error the engine shows. */
export function isConsequence(error: unknown): boolean {
  return error instanceof Error && REGISTRATION.test(error.message);
}

/**
 * The engine reports why a resource failed. The SDK then fails everything that hangs on it, with a stack trace each;
 * this shortens those to a sentence, and drops Node's remarks on promises that the SDK heeds late. They still fail the run.
 */
export function shortenConsequences(): void {
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "PromiseRejectionHandledWarning") for (const listener of listeners) listener(warning);
  });
  process.prependListener("unhandledRejection", (reason) => {
    if (!isConsequence(reason)) return;
    const text = `${REGISTRATION.exec((reason as Error).message)![1]} failed (its error is shown with it); what hangs on it was left as it was`;
    Object.assign(reason as Error, { __pulumiRunError: true, message: text, stack: "" });
  });
}

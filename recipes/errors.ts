/** What a folder can be refused for. Each code has its section with an example in docs/errors.md, and a test. */
export const RECIPE_CODES = [
  "FOLDER_UNREADABLE",
  "FOLDER_EMPTY",
  "FOLDER_TOO_LARGE",
  "FILE_NOT_REGULAR",
  "FILE_CHANGED",
  "IGNORE_FILE_INVALID",
  "TOOL_NAME_INVALID",
  "MANIFEST_UNREADABLE",
  "MANIFEST_INVALID",
  "DOCKERFILE_MISSING",
  "DOCKERFILE_INVALID",
  "RUNTIME_UNKNOWN",
  "RECIPE_AMBIGUOUS",
  "ENTRYPOINT_MISSING",
  "DEPENDENCIES_INVALID",
  "DEPENDENCIES_MISSING",
  "DEPENDENCIES_OUT_OF_STEP",
  "DEPENDENCIES_PRIVATE",
  "DEPENDENCIES_UNSUPPORTED",
  "VERSION_UNSUPPORTED",
  "LISTENS_LOCALLY",
] as const;
export type RecipeCode = (typeof RECIPE_CODES)[number];

/** One thing that is wrong. */
export interface Problem {
  code: RecipeCode;
  /** A sentence: the cause, the value, what is allowed. */
  message: string;
  /** Where, relative to the tool's folder. Lines and columns count from 1. */
  file?: string;
  line?: number;
  column?: number;
  value?: unknown;
  allowed?: string;
}

/** Cannot be told what a folder is, or it cannot be built; all problems at once. */
export class RecipeError extends Error {
  override name = "RecipeError";
  /** Of the first problem. */
  readonly code: RecipeCode;
  readonly details: Problem[];
  /** Each problem as a line for people. */
  readonly problems: string[];

  /** @param details at least one */
  constructor(details: readonly Problem[]) {
    const problems = details.map(lineOf);
    super(problems.join("\n"));
    this.code = details[0]!.code;
    this.details = [...details];
    this.problems = problems;
  }
}

/** `tool.yaml:3:7: port is "x"; allowed: ...` */
function lineOf({ file, line, column, message }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return place === "" ? message : `${place}: ${message}`;
}

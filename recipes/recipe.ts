import type { BaseImageName } from "./base-images.ts";
import type { SourceFile } from "./source-listing.ts";

/** What a folder is and how it becomes an image. */
export interface Recipe {
  /** `python-flask`, `python-fastapi`, `nodejs` or `dockerfile`. Part of the content hash. */
  id: string;
  /** Raised when the recipe changes what it builds from the same files. Part of the content hash. */
  version: number;
  /** Constant text of the generated Dockerfile; absent when the folder's own one is used, unchanged. */
  dockerfile?: string;
  /** The image that the generated Dockerfile starts from; absent for an own Dockerfile, which names its own. */
  base?: BaseImageName;
  /**
   * What the container runs, an argument an element; absent: what the image says itself. It is given to the container
   * app and never written into the Dockerfile, so nothing of the user's is interpreted by a builder or a shell.
   *
   * @param port the container's port, 1 to 65535
   */
  command?: (port: number) => string[];
  /** Why this recipe, this entry point and these dependencies: a sentence each. */
  reasons: string[];
}

/** A folder as recipes see it: what its listing found, and the text of single files. */
export interface Source {
  files: SourceFile[];
  has: (path: string) => boolean;
  /** UTF-8 text without a byte order mark. Read once. */
  text: (path: string) => Promise<string>;
}

/** One way to build. */
export interface RecipeMaker {
  /** The recipe's id, for messages. */
  id: string;
  /**
   * `undefined`: the folder is something else. Problems: it is this, but cannot be built so; each says what to change.
   */
  recognise: (source: Source) => Promise<Recipe | { problems: string[] } | undefined>;
}

/** Cannot be told what a folder is, or it cannot be built; all problems at once, a sentence each. */
export class RecipeError extends Error {
  override name = "RecipeError";
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

import type { TemplateName } from "./dockerfiles/templates.ts";
import type { Problem } from "./errors.ts";
import type { Protocol, Runtime } from "./runtimes.ts";
import type { Source } from "./source.ts";

/** An answer with what made it so; `why` continues a sentence: "..., because main.py:9 answers it". */
export interface Found<T> {
  value: T;
  why: string;
}

export type PackageManager = "uv" | "pip" | "poetry" | "npm" | "pnpm" | "yarn";

/** What a folder is and how it becomes an image. */
export interface Recipe {
  runtime: Runtime;
  /** Raised when the recipe changes what it builds from the same files. Part of the content hash. */
  version: number;
  protocol: Protocol;
  /** `main:app` or `server.js`; absent where the image or a command of the manifest decides. */
  entrypoint?: string;
  /**
   * What the container runs, an argument an element; absent: what the image says itself. It is given to the container
   * app and never written into the Dockerfile, so nothing of the user's is interpreted by a builder or a shell.
   */
  command?: string[];
  port: number;
  healthPath: string;
  /** Absent: nothing is installed, or by a Dockerfile of the folder's own. */
  packageManager?: PackageManager;
  /** Why: a sentence for each answer. */
  reasons: string[];
  /** Environment variables beside PORT; no secrets. */
  environment: Record<string, string>;
  /** Its text: generated, or the folder's own. */
  dockerfile: string;
  build: RecipeBuild;
}

export interface RecipeBuild {
  /** The folder's own Dockerfile, used unchanged; absent: it is generated. */
  own?: OwnDockerfile;
  /** Files beside a generated Dockerfile, by path: the template's own, and what dependencies are installed by. */
  files: Record<string, string>;
  /** Relative to the folder; "." is the folder itself. */
  context: string;
  target?: string;
  /** Build arguments, the base image of a generated Dockerfile among them. */
  args: Record<string, string>;
  platform: string;
}

export interface OwnDockerfile {
  /** Relative to the folder. */
  path: string;
  /** Not in the context, or left out of it by an ignore file, as many are: builders read it all the same, and COPY does not find it. */
  outside: boolean;
  text: string;
}

/** One answer to what a folder is, with a generated Dockerfile. */
export interface Candidate {
  runtime: Runtime;
  version: number;
  protocol: Protocol;
  /** As a manifest would name it. */
  entrypoint?: string;
  /** @param port the container's, 1 to 65535. It is in PORT too */
  command: (port: number) => string[];
  /** Only where the code listens on this one whatever PORT says. */
  port?: Found<number>;
  /** Only where it was found. */
  healthPath?: Found<string>;
  packageManager?: PackageManager;
  /** What the runtime itself needs; the manifest's come over it. */
  environment?: (port: number) => Record<string, string>;
  template: TemplateName;
  /** Beside the Dockerfile, by path: what dependencies are installed by, so that their layer depends on nothing else. @default none */
  files?: Record<string, string>;
  /** Official name, of the tables in base-images.ts. */
  base: string;
  /** For the ARGs of the template, beside BASE_IMAGE and SYSTEM_PACKAGES. */
  args?: Record<string, string>;
  /** A sentence for each answer, with file and line: "entry point main:api, because main.py:7 assigns FastAPI() to api". */
  reasons: string[];
  /** The line of the manifest that would choose it: `entrypoint: main:api`. */
  decidedBy: string;
}

/** What a detector found. Candidates and problems may come together: both then count as answers. */
export interface Finding {
  candidates: Candidate[];
  /** The folder is this, but cannot be built so; each says what to change. */
  problems: Problem[];
}

/** Knows one kind of tool. Reads the source's files and its manifest, and nothing else. */
export interface Detector {
  /** The runtimes that it can answer with; one that the manifest rules out is not asked. */
  runtimes: readonly Runtime[];
  /** `undefined`: the folder is something else. A manifest's entry point is taken as it is, without a search. */
  recognise: (source: Source) => Promise<Finding | undefined>;
}

/** A reason: what was chosen, and what made it so. */
export const because = (answer: string, why: string): string => `${answer}, because ${why}`;

import { HEALTH_CHECK, LABELS } from "./parts.ts";
import type { Interpreter } from "./parts.ts";

/** What builders differ in. */
export interface Syntax {
  /** Options of a RUN that keep folders of a package manager's cache between builds; empty where there is no such thing. */
  cached: (...folders: string[]) => string;
}

/**
 * A generated Dockerfile: constant but for the builder's syntax. Nothing of the user's is ever written into one; what
 * differs from tool to tool is an ARG (checked by the manifest's schema or made here) or the container app's command.
 * The tool's files are beside it in `app/`.
 */
export interface Template {
  /** Its last line is `CMD ["python"]` or `CMD ["node"]`. */
  dockerfile: (syntax: Syntax) => string;
  /** Constant files beside the Dockerfile, by name, for COPY: what no tool brings itself. @default none */
  files?: Readonly<Record<string, string>>;
}

/** No more than the BuildKit inside Docker 20.10: no frontend is fetched. */
const BUILDKIT: Syntax = { cached: (...folders) => folders.map((folder) => `--mount=type=cache,target=${folder} `).join("") };
/** Builders without BuildKit: those of registries. */
const CLASSIC: Syntax = { cached: () => "" };

/** The template's last line is its interpreter alone; what is the same in every image stands before it. */
export function render({ dockerfile }: Template, { buildkit }: { buildkit: boolean }): string {
  return dockerfile(buildkit ? BUILDKIT : CLASSIC).replace(/\nCMD \["(python|node)"\]\n$/, (command, interpreter: Interpreter) => `\n${LABELS}\n${HEALTH_CHECK[interpreter]}${command}`);
}

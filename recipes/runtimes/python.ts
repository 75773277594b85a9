import type { Recipe, Source } from "../recipe.ts";

/** What the two Python frameworks do alike; the rest is their own. */
export interface PythonFramework {
  id: string;
  version: number;
  /** Package name on PyPI, lower-case, and the constructor of its application. */
  package: string;
  constructor: string;
  dockerfile: string;
  /** @param target `module:variable` */
  command: (target: string, port: number) => string[];
}

const REQUIREMENTS = "requirements.txt";
/** Where the application is looked for, in this order. */
const ENTRY_FILES = ["app.py", "main.py", "wsgi.py", "asgi.py", "server.py", "application.py"];

export async function recognisePython(source: Source, framework: PythonFramework): Promise<Recipe | { problems: string[] } | undefined> {
  if (!source.has(REQUIREMENTS)) return undefined;
  const requirement = requirementOf(await source.text(REQUIREMENTS), framework.package);
  if (requirement === undefined) return undefined;

  const candidates = ENTRY_FILES.filter(source.has);
  for (const file of candidates) {
    const variable = applicationOf(await source.text(file), framework.constructor);
    if (variable === undefined) continue;
    const target = `${file.slice(0, -".py".length)}:${variable}`;
    return {
      id: framework.id,
      version: framework.version,
      dockerfile: framework.dockerfile,
      base: "python",
      command: (port) => framework.command(target, port),
      reasons: [`${REQUIREMENTS} asks for ${requirement}`, `${file} makes the application: ${variable} = ${framework.constructor}(...)`],
    };
  }
  return { problems: [entryProblem(framework, candidates)] };
}

/** The requirement as written, without comment; names compare as PyPI compares them. */
function requirementOf(requirements: string, name: string): string | undefined {
  for (const line of requirements.split(/\r?\n/)) {
    const requirement = line.replace(/(^|\s)#.*$/, "").trim();
    const found = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(requirement)?.[0];
    if (found?.toLowerCase().replace(/[-_.]+/g, "-") === name) return requirement;
  }
  return undefined;
}

/** The variable at the top level of a module that holds the application. */
function applicationOf(code: string, constructor: string): string | undefined {
  return new RegExp(`^([A-Za-z_]\\w*)\\s*(?::[^=\\n]+)?=\\s*(?:\\w+\\.)?${constructor}\\(`, "m").exec(code)?.[1];
}

function entryProblem({ constructor, package: name }: PythonFramework, candidates: string[]): string {
  const looked = candidates.length > 0 ? `${candidates.join(", ")} ${candidates.length > 1 ? "have" : "has"} none` : `none of these files is there`;
  return `${REQUIREMENTS} asks for ${name}, but no application was found: ${looked}. One of ${ENTRY_FILES.join(", ")} needs a line like "app = ${constructor}(...)" at its top level, or the folder a Dockerfile of its own`;
}

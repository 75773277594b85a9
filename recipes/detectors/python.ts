import { DEFAULT_PYTHON, PYTHON_IMAGES } from "../base-images.ts";
import type { TemplateName } from "../dockerfiles/templates.ts";
import { because } from "../recipe.ts";
import type { Candidate, Detector } from "../recipe.ts";
import type { Runtime } from "../runtimes.ts";
import type { Source } from "../source.ts";

/** What the two Python frameworks do differently. */
interface PythonFramework {
  runtime: Runtime;
  version: number;
  /** Package name on PyPI, lower-case, and the constructor of its application. */
  package: string;
  constructor: string;
  template: TemplateName;
  /** @param target `module:variable` */
  command: (target: string, port: number) => string[];
}

/** FastAPI behind uvicorn. The ingress is the only way in, so its X-Forwarded headers are believed. */
const FASTAPI: PythonFramework = {
  runtime: "python-fastapi",
  version: 2,
  package: "fastapi",
  constructor: "FastAPI",
  template: "python-fastapi",
  command: (target, port) => ["uvicorn", "--host", "0.0.0.0", "--port", String(port), "--proxy-headers", "--forwarded-allow-ips", "*", target],
};

/** Flask behind gunicorn: one process, as the smallest container has a quarter of a CPU; threads, as tools wait for others. */
const FLASK: PythonFramework = {
  runtime: "python-flask",
  version: 2,
  package: "flask",
  constructor: "Flask",
  template: "python-flask",
  command: (target, port) => [
    "gunicorn", "--bind", `0.0.0.0:${port}`, "--workers", "1", "--threads", "16",
    // Its heartbeat file would otherwise be on the container's disk, which may block.
    "--worker-tmp-dir", "/dev/shm",
    target,
  ],
};

const REQUIREMENTS = "requirements.txt";
/** Where the application is looked for, in this order. */
const ENTRY_FILES = ["app.py", "main.py", "wsgi.py", "asgi.py", "server.py", "application.py"];

export const python: Detector = {
  runtimes: ["python-flask", "python-fastapi"],
  recognise: async (source) => {
    const answers = (await Promise.all([FASTAPI, FLASK].map((framework) => recogniseFramework(source, framework)))).filter((answer) => answer !== undefined);
    if (answers.length === 0) return undefined;
    const candidates = answers.flatMap((answer) => (typeof answer === "string" ? [] : [answer]));
    // Both frameworks may be asked for; the application decides.
    const problems = candidates.length > 0 ? [] : answers.map((message) => ({ code: "ENTRYPOINT_MISSING" as const, message: String(message) }));
    return { candidates, problems };
  },
};

/** @returns a sentence if it is this framework's, but has no application */
async function recogniseFramework(source: Source, framework: PythonFramework): Promise<Candidate | string | undefined> {
  if (!source.has(REQUIREMENTS)) return undefined;
  const requirement = requirementOf(await source.text(REQUIREMENTS), framework.package);
  if (requirement === undefined) return undefined;
  const { entrypoint, command } = source.manifest.fields;
  const asked = because(framework.runtime, `${REQUIREMENTS} asks for ${requirement}`);
  if (entrypoint !== undefined) return candidateOf(framework, entrypoint, [asked, because(`entry point ${entrypoint}`, `${source.manifest.file} says so`)]);
  if (command !== undefined) return candidateOf(framework, undefined, [asked]);

  const candidates = ENTRY_FILES.filter(source.has);
  for (const file of candidates) {
    const variable = applicationOf(await source.text(file), framework.constructor);
    if (variable === undefined) continue;
    const target = `${file.slice(0, -".py".length)}:${variable}`;
    return candidateOf(framework, target, [asked, because(`entry point ${target}`, `${file} assigns ${framework.constructor}() to ${variable}`)]);
  }
  return entryProblem(framework, candidates);
}

function candidateOf(framework: PythonFramework, target: string | undefined, reasons: string[]): Candidate {
  return {
    runtime: framework.runtime,
    version: framework.version,
    protocol: "http",
    ...(target !== undefined && { entrypoint: target }),
    command: (port) => framework.command(target ?? "", port),
    packageManager: "pip",
    template: framework.template,
    base: PYTHON_IMAGES[DEFAULT_PYTHON],
    reasons,
    decidedBy: `runtime: ${framework.runtime}`,
  };
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
  return `${REQUIREMENTS} asks for ${name}, but no application was found: ${looked}. One of ${ENTRY_FILES.join(", ")} needs a line like "app = ${constructor}(...)" at its top level, or tool.yaml a line like "entrypoint: module:variable"`;
}

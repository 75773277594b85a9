import type { Source } from "../source.ts";
import { findApplications } from "./entries.ts";
import type { Entry } from "./entries.ts";
import { FRAMEWORKS } from "./frameworks.ts";
import type { Framework } from "./frameworks.ts";
import type { Installation } from "./installation.ts";
import type { PythonModules } from "./modules.ts";
import { findStdioServers, scriptOf } from "./programs.ts";

/** The entry point that a manifest names, as it is; the code says at most what kind it is of. */
export function namedEntry({ manifest }: Source, modules: PythonModules, { asked }: Installation, entrypoint: string): Entry[] {
  const why = `${manifest.file} says so`;
  const [first] = modules.all;
  const known = findApplications(modules).find(({ target }) => target === entrypoint);
  if (known) return [{ ...known, why }];
  const script = modules.all.find(({ file }) => file === `${modules.project}${entrypoint}`);
  if (script) {
    const stdio = manifest.fields.protocol === "http" ? undefined : findStdioServers(modules).find(({ module }) => module === script);
    return [{ ...scriptOf(modules, script), target: entrypoint, serving: stdio ? "mcp-stdio" : "script", ...(stdio?.framework && { framework: stdio.framework }), module: script, why }];
  }
  const [name, variable] = entrypoint.split(":");
  const own = modules.byName.get(name!);
  const module = own ?? first;
  const framework = frameworkAsked(manifest.fields.runtime, asked.map(({ name: each }) => each));
  if (variable === undefined || !module || !framework) return [];
  return [{ target: entrypoint, run: [entrypoint], serving: framework.serving, framework, module, why: own ? why : `${why}; the folder has no module ${name}, so a package must have it` }];
}

/** The framework of the manifest's runtime, else of what is asked for. */
function frameworkAsked(runtime: string | undefined, asked: string[]): Framework | undefined {
  const all = Object.values(FRAMEWORKS).filter((each) => each.serving !== "mcp-stdio" && (runtime === undefined || each.runtime === runtime));
  return all.find((each) => asked.includes(each.package)) ?? (runtime === undefined || runtime === "python" ? undefined : all[0]);
}

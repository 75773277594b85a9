import type { Source } from "../source.ts";
import type { PackageJson } from "./package-json.ts";
import { nodesOf, parseCode } from "./syntax-tree.ts";

/** Makes a folder of files with its build script: where, unless it is told otherwise. */
const PAGE_BUILDERS: Readonly<Record<string, { shown: string; folder: string; configs: string[] }>> = {
  vite: { shown: "Vite", folder: "dist", configs: ["vite.config.ts", "vite.config.js", "vite.config.mjs", "vite.config.mts"] },
  "react-scripts": { shown: "Create React App", folder: "build", configs: [] },
};
/** Web frameworks with servers of their own, which are no tool servers. */
const PAGE_SERVERS: Readonly<Record<string, string>> = { next: "Next.js", nuxt: "Nuxt", "@sveltejs/kit": "SvelteKit", "@remix-run/serve": "Remix", "@react-router/serve": "React Router", astro: "Astro", "@angular/core": "Angular", gatsby: "Gatsby" };

export type WebPage = { shown: string; folder: string; name: string } | { refused: string };

/** A page that its build script makes, if no server of the folder's own is started. */
export async function webPageOf(source: Source, pkg: PackageJson): Promise<WebPage | undefined> {
  const packages = { ...pkg.devDependencies, ...pkg.dependencies };
  const server = Object.keys(PAGE_SERVERS).find((name) => name in packages);
  if (server !== undefined) return { refused: `is a web page of ${PAGE_SERVERS[server]}, which is no tool server; export it as static files and deploy their folder, or add a Dockerfile` };
  const name = Object.keys(PAGE_BUILDERS).find((each) => each in packages);
  const { build } = pkg.scripts;
  if (name === undefined || build === undefined || !build.split(/\s+/).includes(name)) return undefined;
  const { shown, folder, configs } = PAGE_BUILDERS[name]!;
  for (const config of configs.filter(source.has)) {
    const code = parseCode(config, await source.text(config));
    const other = nodesOf(code.tree.topNode, "PropertyDefinition").find((node) => code.text(node) === "outDir");
    if (other) return { refused: `is a web page of ${shown}, and ${config}:${code.line(other)} names another folder than ${folder} for it; take outDir out, or add a Dockerfile` };
  }
  return { shown, folder, name };
}

import type { Installer } from "../node/lock-files.ts";
import { END_WITH_SERVER, START } from "./node-helpers.ts";
import { SYSTEM_PACKAGES } from "./parts.ts";
import { STATIC_SERVER } from "./static-server.ts";
import type { Syntax, Template } from "./template.ts";

/**
 * What turns a stdio server into one over streamable HTTP. Of those on npm it is the one that is released every few
 * weeks, takes the server's command as a list without a shell, keeps one server for all clients (others start one a
 * request and have left them running), and answers a health path.
 */
const MCP_BRIDGE = "mcp-proxy@6.7.19";

/** How a package manager gets there, and what it runs: for the tool when it runs, and for building it. */
interface Install {
  manager?: string;
  cache: string;
  environment?: string;
  production: string;
  all: string;
}

const INSTALLS: Readonly<Record<Installer, Install>> = {
  npm: {
    cache: "/root/.npm",
    production: "if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then npm ci --omit=dev --no-audit --no-fund; else npm install --omit=dev --no-package-lock --no-audit --no-fund; fi",
    all: "if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then npm ci --include=dev --no-audit --no-fund; else npm install --include=dev --no-package-lock --no-audit --no-fund; fi",
  },
  pnpm: {
    manager: "pnpm",
    cache: "/root/.pnpm-store",
    environment: "CI=true",
    production: "if [ -f pnpm-lock.yaml ]; then pnpm install --frozen-lockfile --prod --store-dir /root/.pnpm-store; else pnpm install --no-lockfile --prod --store-dir /root/.pnpm-store; fi",
    all: "if [ -f pnpm-lock.yaml ]; then pnpm install --frozen-lockfile --prod=false --store-dir /root/.pnpm-store; else pnpm install --no-lockfile --prod=false --store-dir /root/.pnpm-store; fi",
  },
  yarn: {
    manager: "yarn",
    cache: "/root/.yarn-cache",
    environment: "YARN_CACHE_FOLDER=/root/.yarn-cache",
    production: "if [ -f yarn.lock ]; then yarn install --frozen-lockfile --production --non-interactive; else yarn install --no-lockfile --production --non-interactive; fi",
    all: "if [ -f yarn.lock ]; then yarn install --frozen-lockfile --production=false --non-interactive; else yarn install --no-lockfile --production=false --non-interactive; fi",
  },
  berry: {
    manager: "@yarnpkg/cli-dist",
    cache: "/root/.yarn-berry",
    environment: "CI=true YARN_GLOBAL_FOLDER=/root/.yarn-berry YARN_ENABLE_GLOBAL_CACHE=true YARN_NODE_LINKER=node-modules YARN_IGNORE_PATH=1 YARN_ENABLE_TELEMETRY=0",
    production: "if [ -f yarn.lock ]; then cp yarn.lock /tmp && yarn workspaces focus --production && { cmp yarn.lock /tmp/yarn.lock || { echo 'yarn.lock is older than package.json'; exit 1; }; }; else yarn install --no-immutable && yarn workspaces focus --production; fi",
    all: "if [ -f yarn.lock ]; then yarn install --immutable; else yarn install --no-immutable; fi",
  },
};

/** What a tool of Node needs: its dependencies, scripts that make something of its code, a bridge. */
interface Parts {
  installer?: Installer;
  /** Development dependencies are there for the scripts, and not when the tool runs. */
  build: boolean;
  bridge: boolean;
  /** What the scripts made is served, and nothing else is in the image. */
  site: boolean;
}

const BASE = `ARG BASE_IMAGE
FROM \${BASE_IMAGE} AS base
${SYSTEM_PACKAGES}`;

/** The package manager, and all that an install depends on. */
const installer = ({ manager, environment }: Install, { cached }: Syntax): string[] => [
  "\nFROM base AS install",
  ...(environment === undefined ? [] : [`ENV ${environment}`]),
  ...(manager === undefined ? [] : ["ARG PACKAGE_MANAGER_VERSION", `RUN ${cached("/root/.npm")}npm install --global --no-audit --no-fund ${manager}@$PACKAGE_MANAGER_VERSION`]),
  "WORKDIR /app",
  "COPY install/ ./",
];

/** The scripts are named by constants of ours; their node_modules are not those of the last stage. */
const build = (from: string, install: string[], after: string): string[] => [`\nFROM ${from} AS build`, "WORKDIR /app", ...install, "COPY app/ ./", 'ARG SCRIPTS=""', `RUN for script in $SCRIPTS; do npm run "$script" || exit 1; done && ${after}`];

function nodejs(parts: Parts): Template {
  const install = parts.installer && INSTALLS[parts.installer];
  return {
    dockerfile: (syntax) =>
      [
        BASE,
        ...(install ? installer(install, syntax) : []),
        // There even if nothing is to be installed, so that it can be copied.
        ...(install && !parts.site ? ["\nFROM install AS dependencies", `RUN ${syntax.cached(install.cache)}${install.production} && mkdir -p node_modules`] : []),
        ...(parts.build ? build(install ? "install" : "base", install ? [`RUN ${syntax.cached(install.cache)}${install.all}`] : [], parts.site ? 'mv "$SITE" /site' : "rm -rf node_modules").map((line) => (parts.site ? line.replace('ARG SCRIPTS=""', 'ARG SCRIPTS=""\nARG SITE') : line)) : []),
        ...(parts.bridge ? ["\nFROM base AS bridge", `RUN ${syntax.cached("/root/.npm")}npm install --prefix /opt/bridge --no-audit --no-fund ${MCP_BRIDGE}`] : []),
        "\nFROM base",
        "ENV NODE_ENV=production HOME=/tmp NODE_OPTIONS=--require=/opt/toolwharf/start.cjs",
        ...(parts.bridge ? ["COPY --from=bridge /opt/bridge /opt/bridge"] : []),
        `COPY ${Object.keys(filesOf(parts)).join(" ")} /opt/toolwharf/`,
        "WORKDIR /app",
        ...(install && !parts.site ? ["COPY --from=dependencies /app/node_modules ./node_modules"] : []),
        parts.site ? "COPY --from=build /site ./" : parts.build ? "COPY --from=build /app ./" : "COPY app/ ./",
        'USER 10001:10001\nCMD ["node"]\n',
      ].join("\n"),
    files: filesOf(parts),
  };
}

const filesOf = ({ bridge, site }: Parts): Record<string, string> => ({ "start.cjs": START, ...(bridge && { "end-with-server.cjs": END_WITH_SERVER }), ...(site && { "serve-site.cjs": STATIC_SERVER }) });

const INSTALLERS = { "": undefined, "-npm": "npm", "-pnpm": "pnpm", "-yarn": "yarn", "-berry": "berry" } as const;
const WAYS = {
  "": { build: false, bridge: false, site: false },
  "-build": { build: true, bridge: false, site: false },
  "-mcp-stdio": { build: false, bridge: true, site: false },
  "-build-mcp-stdio": { build: true, bridge: true, site: false },
  "-site": { build: true, bridge: false, site: true },
} as const;
export type NodeTemplateName = `nodejs${keyof typeof INSTALLERS}${keyof typeof WAYS}`;

const entries = <T extends object>(values: T) => Object.entries(values) as Array<[keyof T & string, T[keyof T]]>;

/** `nodejs`, `nodejs-npm`, `nodejs-pnpm-build-mcp-stdio` ... */
export const NODE_TEMPLATES = Object.fromEntries(entries(INSTALLERS).flatMap(([kind, each]) => entries(WAYS).map(([way, parts]) => [`nodejs${kind}${way}`, nodejs({ installer: each, ...parts })]))) as Record<NodeTemplateName, Template>;

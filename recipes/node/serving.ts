import type { Problem } from "../errors.ts";
import { because } from "../recipe.ts";
import type { Candidate, Found } from "../recipe.ts";
import type { At, ModuleFacts } from "./module-facts.ts";
import type { Framework, Made } from "./frameworks.ts";

/** What the code says of how it is reached. */
export interface Serving {
  framework?: At<Framework>;
  /** A stdio server is bridged to streamable HTTP. */
  speaks: "http" | "mcp" | "mcp-stdio";
  port?: Found<number>;
  health?: Found<string>;
  /** A path of the code's own is not known: the preloaded file answers one. */
  answersHealth: boolean;
  environment?: Candidate["environment"];
  reasons: string[];
  problems: Problem[];
}

const HEALTH_PATHS = ["/health", "/healthz", "/api/health", "/health/live", "/livez", "/healthcheck", "/status", "/ping", "/ready", "/readyz"];
const HEALTH_PATH = "/health";

/** @param portIsSet the manifest decides between several */
export function servingOf(facts: readonly ModuleFacts[], portIsSet: boolean): Serving {
  const all = <K extends "made" | "routes" | "ports" | "local" | "started">(key: K) => facts.flatMap((each) => each[key] as ModuleFacts[K][number][]);
  const made = (...kinds: Made[]): At<Framework> | undefined => (all("made") as At<Framework>[]).find(({ value }) => kinds.includes(value.makes));
  const fastmcp = made("fastmcp");
  const overHttp = made("mcp-http", "mcp-local-app");
  const overStdio = made("mcp-stdio");
  const framework = fastmcp ?? made("app", "fastify", "http", "serve") ?? overHttp ?? overStdio;
  const problems: Problem[] = (all("local") as ModuleFacts["local"]).map(({ value, at }) => ({ code: "LISTENS_LOCALLY", message: `${value.cause}, which nothing outside of its container reaches; write ${value.instead}`, ...placeOf(at) }));
  const started = (all("started") as ModuleFacts["started"])[0];

  if (fastmcp) {
    if (started?.value === "stdio") return bridged(fastmcp, started.at, problems);
    const port = portOf(all("ports") as ModuleFacts["ports"]);
    return {
      framework: fastmcp,
      speaks: "mcp",
      ...(port.found && { port: port.found }),
      answersHealth: true,
      environment: (at) => ({ FASTMCP_TRANSPORT: "httpStream", FASTMCP_HOST: "0.0.0.0", FASTMCP_PORT: String(at) }),
      reasons: [because("streamable HTTP at /mcp", started?.value === undefined ? "FastMCP is told so in its variables, and the code does not say otherwise" : `${started.at} starts it so`)],
      problems,
    };
  }
  if (overStdio && overHttp) {
    problems.push({ code: "RECIPE_AMBIGUOUS", message: `${overHttp.at} speaks streamable HTTP and ${overStdio.at} stdio; write the command in tool.yaml that starts the one over HTTP, such as command: node dist/index.js --http`, allowed: "command" });
  } else if (overStdio) return bridged(overStdio, overStdio.at, problems);

  const port = portOf(all("ports") as ModuleFacts["ports"]);
  if (port.several && !portIsSet) problems.push({ code: "RECIPE_AMBIGUOUS", message: `it listens on several ports; write one of these lines in tool.yaml: ${port.several.map(({ value, at }) => `port: ${value} (${at})`).join(", ")}`, allowed: port.several.map(({ value }) => `port: ${value}`).join(", ") });
  const routes = all("routes") as ModuleFacts["routes"];
  const health = healthOf(routes);
  return {
    framework,
    speaks: overHttp ? "mcp" : "http",
    ...(port.found && { port: port.found }),
    ...(health && { health }),
    answersHealth: health === undefined,
    reasons: overHttp ? [because(`streamable HTTP${mcpPath(routes)}`, `${overHttp.at} makes ${overHttp.value.shown}`)] : [],
    problems,
  };
}

function bridged(framework: At<Framework>, at: string, problems: Problem[]): Serving {
  return {
    framework,
    speaks: "mcp-stdio",
    health: { value: "/ping", why: "the bridge answers it" },
    answersHealth: false,
    reasons: [because("mcp-proxy bridges it to streamable HTTP at /mcp", `${at} speaks stdio`)],
    problems: problems.filter(({ code }) => code !== "LISTENS_LOCALLY"),
  };
}

function portOf(ports: ModuleFacts["ports"]): { found?: Found<number>; several?: At<number>[] } {
  const fixed = ports.filter((port): port is At<number> => port.value !== undefined);
  const [first] = fixed;
  // One that PORT decides is the endpoint's.
  if (!first || fixed.length < ports.length) return {};
  const distinct = [...new Map(fixed.map((port) => [port.value, port])).values()];
  return distinct.length > 1 ? { several: distinct } : { found: { value: first.value, why: `${first.at} listens on it` } };
}

/** A path for health if there is one, else the front page. */
function healthOf(routes: ModuleFacts["routes"]): Found<string> | undefined {
  const answered = routes.filter(({ value }) => value.method === "get" || value.method === "all");
  for (const path of [...HEALTH_PATHS, "/"]) {
    const route = answered.find(({ value }) => value.path === path);
    if (route) return { value: path, why: `${route.at} answers it` };
  }
  return undefined;
}

function mcpPath(routes: ModuleFacts["routes"]): string {
  const path = routes.find(({ value }) => ["post", "all"].includes(value.method) && value.path.includes("mcp"))?.value.path;
  return path === undefined ? "" : ` at ${path}`;
}

/** What the code has no path for. */
export const ANSWERED_HEALTH: Found<string> = { value: HEALTH_PATH, why: "no path for it was found in the code: the image answers 200 there where the server answers 400 to 499, as that too says that it is up" };

function placeOf(at: string): Pick<Problem, "file" | "line"> {
  const colon = at.lastIndexOf(":");
  return { file: at.slice(0, colon), line: Number(at.slice(colon + 1)) };
}

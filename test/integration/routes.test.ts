import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask, askArm } from "../support/https-client.ts";
import { leftovers } from "../support/leftovers.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";

/** Says what it was asked for. Without dependencies, so that a build costs one layer. */
const SERVER = `
import { createServer } from "node:http";
const server = createServer((request, response) => response.end(process.env.CONTAINER_APP_NAME + " " + request.url));
server.listen(process.env.PORT);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
`;
const MANIFEST = JSON.stringify({ name: "tool", version: "1.0.0", type: "module", main: "server.js" });
const ROUTES = { "toolwharf:routes": "wharf" };

describe("one address with a path for each tool", () => {
  const project = new ScratchProject([]);
  let first: Outputs;

  const write = (tool: string) => {
    project.write(`tools/${tool}/package.json`, MANIFEST);
    project.write(`tools/${tool}/server.js`, SERVER);
  };
  const routeOf = ({ tools }: Outputs, tool: string) => (tools[tool] as { route?: string } | undefined)?.route;
  const asked = async (url: string) => {
    const { status, body } = await ask(url, project.connection().caFile);
    return status === 200 ? body : status;
  };
  const byPath = (path: string) => asked(`${new URL(routeOf(first, "news")!).origin}${path}`);
  const platform = () => first.platform as { environmentId: string; resourceGroupName: string };
  const configId = () => `${platform().environmentId}/httpRouteConfigs/wharf`;
  const arm = (method: string, id: string, payload?: unknown) => askArm(project.connection(), method, id, payload);

  beforeAll(async () => {
    project.configure(ROUTES);
    for (const tool of ["news", "weather"]) write(tool);
    await project.must(["up", "--yes"]);
    first = await project.outputs();
  });
  afterAll(async () => {
    await project.must(["destroy", "--yes"]);
    await project.dispose();
    expect(await leftovers(project)).toEqual([]);
  });

  test("leads to both, over HTTPS with a certificate of the printed authority, and is an output", async () => {
    for (const tool of ["news", "weather"]) {
      const route = routeOf(first, tool)!;
      const { port } = new URL(first.tools[tool]!.url);
      expect(route).toBe(`https://wharf.${first.tools[tool]!.fqdn.replace(`${tool}.`, "")}${port && `:${port}`}/tools/${tool}`);
      expect(await asked(`${route}/health?a=b`)).toBe(`${tool} /health?a=b`);
      expect(await asked(route)).toBe(`${tool} /`);
    }
    expect([await byPath("/"), await byPath("/tools/newspaper"), await byPath("/tools/none/")]).toEqual([404, 404, 404]);
    expect((await project.up()).output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  });

  test("stays whole when a tool cannot be deployed", async () => {
    const before = project.read("tools/weather/package.json");
    project.write("tools/weather/package.json", "no JSON");
    write("sports");
    expect(await project.up()).toMatchObject({ code: 1, output: expect.stringContaining("TOOL_NOT_BUILDABLE") });
    expect(await Promise.all(["news", "sports", "weather"].map((tool) => byPath(`/tools/${tool}/a`)))).toEqual(["news /a", "sports /a", "weather /a"]);
    expect(routeOf(await project.outputs(), "weather")).toBe(routeOf(first, "weather"));
    project.write("tools/weather/package.json", before);
  });

  test("leads to a tool that is deployed alone, too", async () => {
    write("traffic");
    await project.must(["up", "traffic", "--yes"]);
    expect(routeOf(await project.outputs(), "traffic")).toMatch(/\/tools\/traffic$/);
    expect([await byPath("/tools/traffic/a"), await byPath("/tools/news/a")]).toEqual(["traffic /a", "news /a"]);
  });

  test("that changed or went through ARM is mended", async () => {
    const { properties } = JSON.parse((await arm("GET", configId())).body) as { properties: { rules: unknown[] } };
    expect((await arm("PUT", configId(), { properties: { rules: properties.rules.slice(1) } })).status).toBe(200);
    expect(await byPath("/tools/news/a")).toBe(404);
    expect((await project.must(["refresh", "--yes"])).output).toMatch(/1 updated/);
    expect((await project.must(["up", "--yes"])).output).toMatch(/1 updated/);
    expect(await byPath("/tools/news/a")).toBe("news /a");

    expect((await arm("DELETE", configId())).status).toBe(200);
    expect((await project.must(["refresh", "--yes"])).output).toMatch(/1 deleted/);
    expect((await project.must(["up", "--yes"])).output).toMatch(/1 created/);
    expect(await byPath("/tools/news/a")).toBe("news /a");
  });

  test("that Azure refuses to change is told as it serves; once it is mended, a tool that is not open has no path", async () => {
    const gone = `/subscriptions/${project.connection().subscriptionId}/resourceGroups/${platform().resourceGroupName}/providers/Microsoft.App/containerApps/traffic`;
    await arm("DELETE", gone);
    while ((await arm("GET", gone)).status !== 404) await sleep(200);
    project.configure({ ...ROUTES, "toolwharf:toolSettings": { weather: { access: "internal" } } });
    expect(await project.up()).toMatchObject({ code: 1, output: expect.stringContaining("The container app 'traffic' of rules[2].targets[0] does not exist in the environment.") });
    expect(await byPath("/tools/weather/a")).toBe("weather /a");
    expect(routeOf(await project.outputs(), "weather")).toBe(routeOf(first, "weather"));

    await project.must(["refresh", "--yes"]);
    await project.must(["up", "--yes"]);
    expect(await byPath("/tools/weather/a")).toBe(404);
    expect(await byPath("/tools/traffic/a")).toBe("traffic /a");
    expect(routeOf(await project.outputs(), "weather")).toBeUndefined();
  });

  test("has another name, and none, when that is set", async () => {
    project.configure({ "toolwharf:routes": "quay" });
    await project.must(["up", "--yes"]);
    const route = routeOf(await project.outputs(), "news")!;
    expect(route).toMatch(/^https:\/\/quay\./);
    expect([await asked(`${route}/a`), await byPath("/tools/news/a")]).toEqual(["news /a", 404]);

    project.configure({});
    await project.must(["up", "--yes"]);
    const { tools } = await project.outputs();
    expect([await asked(`${route}/a`), await asked(`${tools.news!.url}/a`)]).toEqual([404, "news /a"]);
    expect(Object.values(tools).filter((tool) => "route" in tool)).toEqual([]);
    project.configure(ROUTES);
    await project.must(["up", "--yes"]);
  });
});

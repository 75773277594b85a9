import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask } from "../support/https-client.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";

/** A server without dependencies, so that a build costs one layer. */
const server = (options: { health?: number; port?: string; says?: string; dies?: boolean }) => `
import { createServer } from "node:http";
${options.dies ? `console.error("settings file is missing"); process.exit(3);` : ""}
const server = createServer((request, response) => {
  response.statusCode = request.url === "/health" ? ${options.health ?? 200} : 200;
  response.end(request.url === "/health" && response.statusCode !== 200 ? "database is away" : ${JSON.stringify(options.says ?? "one")});
});
server.listen(${options.port ?? "process.env.PORT"}, () => console.log("serving"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
`;
/** A port that cannot be read off the code; one that can is the tool's own. */
const COMPUTED_5000 = 'Number(["50", "00"].join(""))';
const MANIFEST = JSON.stringify({ name: "tool", version: "1.0.0", type: "module", main: "server.js" });

describe("a tool that cannot become ready fails the deployment and harms nothing else", () => {
  const project = new ScratchProject([]);
  let before: Outputs;

  const write = (tool: string, text: string) => {
    project.write(`tools/${tool}/package.json`, MANIFEST);
    project.write(`tools/${tool}/server.js`, text);
  };
  const says = async (tool: string) => (await ask(before.tools[tool]!.url, project.connection().caFile)).body;

  beforeAll(async () => {
    project.configure({ "toolwharf:startupSeconds": "10", "toolwharf:readyTimeoutSeconds": "60" });
    write("steady", server({}));
    write("shaky", server({}));
    await project.must(["up", "--yes"]);
    before = await project.outputs();
  });
  afterAll(() => project.dispose());

  const mend = async (sentence: string) => {
    write("shaky", server({ says: sentence }));
    await project.must(["up", "--yes"]);
    before = await project.outputs();
    expect(await says("shaky")).toBe(sentence);
  };

  test("health answers 500: tool, revision, cause, what was answered and the last log lines are named", async () => {
    write("shaky", server({ health: 500, says: "broken" }));
    write("steady", server({ says: "two" }));
    const up = await project.up();

    expect(up.code).toBe(1);
    expect(up.output).toMatch(/shaky--[a-z0-9]+/);
    expect(up.output).toContain("/health");
    expect(up.output).toMatch(/500/);
    expect(up.output).toContain("serving");
    expect(up.output).not.toMatch(/\n\s+at .*:\d+:\d+/);

    expect(await says("shaky")).toBe("one");
    expect(await says("steady")).toBe("two");
    const after = await project.outputs();
    expect(after.tools.shaky!.url).toBe(before.tools.shaky!.url);
    expect(after.tools.shaky!.revision).toBe(before.tools.shaky!.revision);

    await mend("healed");
  });

  test("the wrong port: the failure names the port asked and the port it listens on", async () => {
    write("shaky", server({ port: COMPUTED_5000 }));
    const up = await project.up();
    expect(up.code).toBe(1);
    expect(up.output).toMatch(/8000/);
    expect(up.output).toMatch(/5000/);
    expect(await says("shaky")).toBe("healed");
    await mend("on the right port");
  });

  test("a crash: the exit code and the last words are shown", async () => {
    write("shaky", server({ dies: true }));
    const up = await project.up();
    expect(up.code).toBe(1);
    expect(up.output).toContain("settings file is missing");
    expect(up.output).toMatch(/exit code 3/);
    expect(await says("shaky")).toBe("on the right port");
    await mend("alive");
  });

  test("a failing build: its own error lines are shown, outputs stay, the other tool is updated", async () => {
    project.write("tools/shaky/package.json", JSON.stringify({ ...JSON.parse(MANIFEST), dependencies: { "is-number": "999.999.999" } }));
    write("steady", server({ says: "three" }));
    const up = await project.up();
    expect(up.code).toBe(1);
    expect(up.output).toMatch(/No matching version found for is-number@999\.999\.999/);
    expect(await says("shaky")).toBe("alive");
    expect(await says("steady")).toBe("three");
    expect((await project.outputs()).tools.shaky).toEqual(before.tools.shaky);
    await mend("built again");
  });
});

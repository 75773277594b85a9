import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask } from "../support/https-client.ts";
import { leftovers } from "../support/leftovers.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";

const MANIFEST = JSON.stringify({ name: "tool", version: "1.0.0", type: "module", main: "server.js" });
const INNER = `
import { createServer } from "node:http";
createServer((request, response) => response.end("inner was asked by " + request.headers["x-forwarded-for"])).listen(process.env.PORT);
`;
/** GET /<tool> asks that tool by its bare name, goes where it is led, and tells each status on the way. */
const ASKER = `
import { readFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { get as getSecurely } from "node:https";
const ca = readFileSync("/etc/ssl/certs/azure-in-miniature.pem");
const follow = (url, way, tell) => (url.startsWith("https:") ? getSecurely : get)(url, { ca }, (answer) => {
  const statuses = [...way, answer.statusCode];
  if (answer.headers.location) return follow(answer.headers.location, statuses, tell);
  let body = "";
  answer.on("data", (chunk) => (body += chunk)).on("end", () => tell({ statuses, body }));
}).on("error", ({ code }) => tell({ statuses: way, code }));
createServer((request, response) => {
  if (request.url === "/health") return response.end();
  follow("http:/" + request.url + "/", [], (told) => response.end(JSON.stringify(told)));
}).listen(process.env.PORT);
`;

describe("a tool whose access is internal", () => {
  const project = new ScratchProject([]);
  let tools: Outputs["tools"];
  const askThrough = async (name: string) => JSON.parse((await ask(`${tools.asker!.url}/${name}`, project.connection().caFile)).body) as unknown;

  beforeAll(async () => {
    for (const [name, code] of [["inner", INNER], ["asker", ASKER]] as const) {
      project.write(`tools/${name}/package.json`, MANIFEST);
      project.write(`tools/${name}/server.js`, code);
    }
    project.configure({ "toolwharf:toolSettings": { inner: { access: "internal" } } });
    await project.must(["up", "--yes"]);
    ({ tools } = await project.outputs());
  });
  afterAll(async () => {
    await project.dispose();
    expect(await leftovers(project)).toEqual([]);
  });

  test("is reached by another tool of the platform, by its bare name", async () => {
    expect(await askThrough("inner")).toEqual({ statuses: [301, 200], body: expect.stringMatching(/^inner was asked by \d+\.\d+\.\d+\.\d+$/) });
    expect(await askThrough("nobody")).toEqual({ statuses: [], code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
  });

  test("is not there for anybody else", async () => {
    expect(tools.inner!.fqdn).toMatch(/^inner\.internal\./);
    expect(await ask(tools.inner!.url, project.connection().caFile)).toMatchObject({ status: 404 });
  });

  test("is reached again after the miniature was killed and started", async () => {
    process.kill(project.connection().pid, "SIGKILL");
    await project.must(["local", "up"]);
    expect(await askThrough("inner")).toMatchObject({ statuses: [301, 200] });
  });
});

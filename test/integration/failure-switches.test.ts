import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask, askArm } from "../support/https-client.ts";
import { ScratchProject, type CommandResult } from "../support/scratch-project.ts";

const AUTHORIZATION_API = "2022-04-01";
const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

/** A server without dependencies, so that a build costs one layer. */
const server = (says: string) => `
import { createServer } from "node:http";
const server = createServer((request, response) => response.end(${JSON.stringify(says)}));
server.listen(process.env.PORT, () => console.log("serving"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
`;

/** What Azure does at bad times, and what becomes of a deployment then: waited out, repeated, or told and mended by the next run. */
describe("failure switches", () => {
  const project = new ScratchProject([]);

  const write = (says: string) => project.write("tools/weather/server.js", server(says));
  const fail = (...words: string[]) => project.must(["local", "fail", ...words]);
  const on = async () => (JSON.parse((await fail("list", "--json")).stdout) as { on: Array<{ name: string; timesLeft?: number; happened: number }> }).on;
  const says = async () => (await ask((await project.outputs()).tools.weather!.url, project.connection().caFile)).body;
  /** Everything that a person needs: what happened, and what to do. */
  const refused = (up: CommandResult, code: string, ...texts: Array<string | RegExp>) => {
    expect(up.code).toBe(1);
    expect(up.output).toContain(`${code}: `);
    expect(up.output).toMatch(/\n\s+next: /);
    for (const text of texts) expect(up.output).toMatch(text);
    expect(up.output).not.toMatch(/\n\s+at .*:\d+:\d+/);
  };
  const propagation = (seconds: number) => project.write("Pulumi.local.yaml", project.read("Pulumi.local.yaml").replace(/rolePropagationSeconds: \d+/, `rolePropagationSeconds: ${seconds}`));

  beforeAll(async () => {
    project.configure({ "toolwharf:startupSeconds": "10", "toolwharf:readyTimeoutSeconds": "60" });
    project.write("tools/weather/package.json", JSON.stringify({ name: "tool", version: "1.0.0", type: "module", main: "server.js" }));
    await project.must(["local", "up"]);
  });
  afterAll(() => project.dispose());

  test("a role that is slow to be known is waited for: the first up succeeds", async () => {
    propagation(8);
    write("first");
    await fail("set", "role-propagation-slow", "--seconds", "6");
    const up = await project.must(["up", "--yes"]);
    expect(up.output).toContain("waiting 8 s until the role that pulls images is known everywhere");
    expect(await says()).toBe("first");
    await fail("clear");
    propagation(0);
  });

  test("a role that is never known: told with the role's name, nothing is lost, and mended when it is", async () => {
    const { subscriptionId } = project.connection();
    const all = JSON.parse((await askArm(project.connection(), "GET", `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments`, undefined, AUTHORIZATION_API)).body) as {
      value: Array<{ id: string; properties: { roleDefinitionId: string } }>;
    };
    const pull = all.value.find(({ properties }) => properties.roleDefinitionId.endsWith(ACR_PULL))!;
    expect((await askArm(project.connection(), "DELETE", pull.id, undefined, AUTHORIZATION_API)).status).toBe(200);
    await project.must(["refresh", "--yes"]);
    await fail("set", "role-propagation-never");
    write("second");
    refused(await project.up(), "PULL_REFUSED", "UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information.", /needed: the role "AcrPull"/);
    expect(await says()).toBe("first");
    await fail("clear", "role-propagation-never");
    await project.must(["up", "--yes"]);
    expect(await says()).toBe("second");
  });

  test("an operation in progress is repeated until it is over", async () => {
    await fail("set", "operation-in-progress", "--app", "weather", "--times", "2");
    write("third");
    const up = await project.must(["up", "--yes"]);
    expect(up.output.match(/retrying update due to on-error hook request \(\d/g)?.length).toBeGreaterThanOrEqual(2);
    expect([await says(), await on()]).toEqual(["third", []]);
  });

  test.each([
    ["registry-503", "push"],
    ["registry-500", "push"],
    ["registry-503", "token"],
    ["registry-503", "pull"],
  ])("%s of %s requests is repeated by the client", async (name, requests) => {
    await fail("set", name, "--requests", requests, "--times", "1");
    write(`after ${name} of ${requests}`);
    await project.must(["up", "--yes"]);
    expect([await says(), await on()]).toEqual([`after ${name} of ${requests}`, []]);
  });

  test("a token that ends in the middle of a push: told, with the command that mends it", async () => {
    await fail("set", "push-token-expired");
    const before = await says();
    write("fourth");
    refused(await project.up(), "PUSH_REFUSED", /unauthorized: authentication required/, /run the same command again/);
    expect([await says(), await on()]).toEqual([before, []]);
    await project.must(["up", "--yes"]);
    expect(await says()).toBe("fourth");
  });

  test("a pull that is denied: told with the role's name, and the old revision serves", async () => {
    await fail("set", "pull-denied", "--app", "weather");
    write("fifth");
    refused(await project.up(), "PULL_REFUSED", /UNAUTHORIZED: authentication required.*Action:pull Name:tools\/weather Type:repository/, /needed: the role "AcrPull"/);
    expect(await says()).toBe("fourth");
    expect(await on()).toMatchObject([{ name: "pull-denied", happened: 1 }]);
    await fail("clear");
    await project.must(["up", "--yes"]);
    expect(await says()).toBe("fifth");
  });

  test("a revision that never becomes ready: judged, explained, and the old one serves until it is", async () => {
    await fail("set", "never-ready", "--app", "weather");
    write("sixth");
    refused(await project.up(), "TOOL_NOT_READY", /answered:\s+Startup probe failed: HTTP 503 from GET :8000\/health, by the failure switch never-ready/, /serving: revision weather--\w+, as before/);
    expect(await says()).toBe("fifth");
    await fail("clear");
    await project.must(["up", "--yes"]);
    expect(await says()).toBe("sixth");
  });

  test("what is set wrong is refused with what is allowed, and sets nothing", async () => {
    for (const [words, said] of [
      [["set", "registry-503", "--times", "0", "--requests", "all"], /SWITCH_REFUSED: times is 0; allowed is a whole number from 1 to 1000; requests is "all"; allowed are pull, push, token/],
      [["set", "never-ready", "--seconds", "3"], /'seconds' is no parameter of never-ready; it has app/],
      [["set", "nothing"], /There is no switch 'nothing'. Allowed are role-propagation-slow, /],
      [["clear", "nothing"], /There is no switch 'nothing'/],
    ] as Array<[string[], RegExp]>) {
      const { code, output } = await project.run(["local", "fail", ...words]);
      expect([code, output]).toEqual([1, expect.stringMatching(said)]);
    }
    expect(await on()).toEqual([]);
  });

  test("a daemon that starts again has none, and one that does not run is named", async () => {
    await fail("set", "never-ready");
    await project.must(["local", "down", "--keep"]);
    expect(await project.run(["local", "fail", "list"])).toMatchObject({ code: 1, output: expect.stringMatching(/MINIATURE_NOT_RUNNING[\s\S]*next: +toolwharf local up/) });
    await project.must(["local", "up"]);
    expect(await on()).toEqual([]);
  });
});

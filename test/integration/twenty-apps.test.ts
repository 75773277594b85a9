import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { until } from "../support/arm-app.ts";
import { ask, askArm } from "../support/https-client.ts";
import { leftovers, runningReplicas } from "../support/leftovers.ts";
import { ScratchProject, type Command } from "../support/scratch-project.ts";

const TOOLS = Array.from({ length: 20 }, (_, index) => `tool-${String(index + 1).padStart(2, "0")}`);
/** In a stack of its own, at the same time. */
const OTHER = "other";
const ALL = [OTHER, ...TOOLS];
/** For each test; alone on two cores it takes a minute. */
const LIMIT_MS = 15 * 60 * 1000;
const CHANGES = /\d+ (created|updated|replaced|deleted)/;

describe("twenty apps by one up, beside a second stack", () => {
  const project = new ScratchProject([]);
  const ups = (): [Command, Command] => [project.start(["up", "--yes"]), project.start(["up", OTHER, "--yes"])];

  /** Names of all apps that ARM lists in the subscription, each as often as it is there. */
  const appsOfArm = async (): Promise<string[]> => {
    const connection = project.connection();
    const { body } = await askArm(connection, "GET", `/subscriptions/${connection.subscriptionId}/providers/Microsoft.App/containerApps`);
    return (JSON.parse(body) as { value: Array<{ name: string }> }).value.map(({ name }) => name).sort();
  };
  const answeringTools = async (): Promise<string[]> => {
    const tools = { ...(await project.outputs()).tools, ...(await project.outputs(`local.${OTHER}`)).tools };
    const { caFile } = project.connection();
    const answers = await Promise.all(Object.entries(tools).map(async ([name, { url, revision }]) => ({ name, revision, ...(await ask(`${url}/`, caFile)) })));
    // A tool says which replica answers, and so of which revision.
    return answers.filter(({ status, body, revision }) => status === 200 && body.startsWith(revision)).map(({ name }) => name).sort();
  };

  const expectEachOnce = async (): Promise<void> => {
    expect(await appsOfArm()).toEqual(ALL);
    expect(await answeringTools()).toEqual(ALL);
    expect((await runningReplicas(project)).map(({ app }) => app).sort()).toEqual(ALL);
    for (const rested of await Promise.all(ups().map(({ result }) => result))) {
      expect(rested).toMatchObject({ code: 0, output: expect.stringMatching(/\d+ unchanged/) });
      expect(rested.output).not.toMatch(CHANGES);
    }
  };

  beforeAll(async () => {
    project.addSmallTools(ALL);
    project.configure({ "toolwharf:tools": [] });
    await project.must(["up", "--yes"]);
    project.configure({ "toolwharf:tools": TOOLS });
  });
  afterAll(async () => {
    await project.dispose();
    expect(await leftovers(project)).toEqual([]);
  });

  test("the daemon is killed in the middle: the next ups converge, and nothing is there twice", async () => {
    const killed = ups();
    const daemon = project.connection().pid;
    let output = "";
    killed[0].child.stdout!.on("data", (chunk: Buffer) => (output += chunk));
    await until("the first apps", 300, () => (output.match(/ContainerApp\s+\S+\s+created/g) ?? []).length >= 3);
    process.kill(daemon, "SIGKILL");
    const [whole] = await Promise.all(killed.map(({ result }) => result));
    expect(whole!.code).toBe(1);

    for (const { code, output } of await Promise.all(ups().map(({ result }) => result))) if (code !== 0) throw new Error(output);
    expect(project.connection().pid).not.toBe(daemon);
    await expectEachOnce();
  }, LIMIT_MS);

  test("destroyed, and brought up again at once by two stacks that nobody disturbs", async () => {
    await project.must(["destroy", OTHER, "--yes"]);
    project.configure({ "toolwharf:tools": [] });
    await project.must(["up", "--yes"]);
    expect(await appsOfArm()).toEqual([]);
    expect(await runningReplicas(project)).toEqual([]);

    project.configure({ "toolwharf:tools": TOOLS });
    for (const { code, output } of await Promise.all(ups().map(({ result }) => result))) if (code !== 0) throw new Error(output);
    await expectEachOnce();
  }, LIMIT_MS);
});

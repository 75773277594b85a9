import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { appIdOf, patchScale, readApp, replicasOf, until } from "../support/arm-app.ts";
import { leftovers } from "../support/leftovers.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";
import { askSteadily, type Asked } from "../support/steady-client.ts";

const REQUESTS_PER_SECOND = 50;
const SECONDS = 120;
/**
 * Of the two minutes, how long the app that scales is asked 30 times a second, which is work for 3 replicas. Then it is asked 3 times
 * a second for an answer that takes 2 s: work for one, yet the others are in the middle of something when they have to go.
 */
const RUSH_SECONDS = 50;
const CALM = [1, 18, 35];
/** Between three requests at once to the app that sleeps after 5 s: some come while it sleeps, some while it falls asleep. */
const NAPS_SECONDS = [10, 5, 6, 5.5, 7, 5];

/** The numbers of the requests that go to the sleeping app. */
function wakingRequests(): Set<number> {
  const numbers = new Set<number>();
  for (let [second, nap] = [0, 0]; (second += NAPS_SECONDS[nap++ % NAPS_SECONDS.length]!) < SECONDS; ) {
    for (const more of [0, 1, 2]) numbers.add(Math.round(second * REQUESTS_PER_SECOND) + more);
  }
  return numbers;
}

describe("50 requests a second for two minutes", () => {
  const project = new ScratchProject(["flask-echo", "node-echo"]);
  let outputs: Outputs;
  let [busy, sleepy] = ["", ""];

  beforeAll(async () => {
    project.addSmallTools(["busy"]);
    project.configure({ "toolwharf:toolSettings": { busy: { concurrentRequests: 10, maxReplicas: 4 } } });
    await project.must(["up", "--yes"]);
    outputs = await project.outputs();
    [busy, sleepy] = [await appIdOf(project, "busy"), await appIdOf(project, "flask-echo")];
    await patchScale(project, busy, { cooldownPeriod: 20, pollingInterval: 5 });
    await patchScale(project, sleepy, { cooldownPeriod: 5 });
    await until("flask-echo at rest", 60, async () => (await replicasOf(project, sleepy)).length === 0);
  });
  afterAll(async () => {
    await project.dispose();
    expect(await leftovers(project)).toEqual([]);
  });

  test("a deployment, a scale-out, a scale-in and wakes from zero lose no request", async () => {
    const urlOf = (tool: string) => outputs.tools[tool]!.url;
    const waking = wakingRequests();
    const next = (number: number): Asked => {
      const keepAlive = number % 2 === 0;
      if (waking.has(number)) return { url: `${urlOf("flask-echo")}/`, keepAlive };
      const rush = number < RUSH_SECONDS * REQUESTS_PER_SECOND;
      // One that has a body cannot be sent to a second replica when the first one goes.
      const withBody = { method: "POST", body: `request ${number}`, keepAlive } as const;
      if (rush && number % 5 < 3) return { url: `${urlOf("busy")}/slow/400`, ...(number % 3 === 0 ? withBody : { keepAlive }) };
      if (!rush && CALM.includes(number % REQUESTS_PER_SECOND)) return { url: `${urlOf("busy")}/slow/2000`, ...withBody };
      return number % 5 === 3 ? { url: `${urlOf("node-echo")}/echo`, ...withBody } : { url: `${urlOf("node-echo")}/`, keepAlive };
    };
    const client = askSteadily(next, project.connection().caFile, REQUESTS_PER_SECOND, SECONDS);
    const began = Date.now();
    const ended = client.ended();

    project.edit("tools/node-echo/server.js", "Hello from Node", "Hello from the second revision");
    const deployed = project.up();
    const rests: boolean[] = [];
    const counts = { rush: [] as number[], after: [] as number[] };
    await until("the end of the load", SECONDS + 120, async () => {
      const seconds = (Date.now() - began) / 1000;
      (seconds < RUSH_SECONDS ? counts.rush : counts.after).push((await replicasOf(project, busy)).length);
      const resting = (await replicasOf(project, sleepy)).length === 0;
      if (resting !== rests.at(-1)) rests.push(resting);
      return seconds >= SECONDS;
    });
    const tally = await ended;

    expect(tally.failures).toEqual([]);
    expect(tally).toMatchObject({ asked: REQUESTS_PER_SECOND * SECONDS, answered: REQUESTS_PER_SECOND * SECONDS });
    expect(await deployed).toMatchObject({ code: 0, output: expect.stringContaining("2 updated") });
    expect([...tally.bodies].some((body) => body.includes("Hello from the second revision"))).toBe(true);
    expect((await project.outputs()).tools["node-echo"]!.revision).not.toBe(outputs.tools["node-echo"]!.revision);

    expect(Math.max(...counts.rush)).toBeGreaterThanOrEqual(3);
    expect(Math.min(...counts.after)).toBe(1);
    const { latestRevisionName } = await readApp(project, busy);
    expect([...tally.bodies].filter((body) => body.startsWith(latestRevisionName!)).length).toBeGreaterThanOrEqual(3);

    // Asleep, awake, asleep again, and so on.
    expect(rests[0]).toBe(true);
    expect(rests.filter((resting) => !resting).length).toBeGreaterThanOrEqual(3);
  }, (SECONDS + 300) * 1000);
});

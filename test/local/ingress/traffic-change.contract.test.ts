import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { ask } from "../../support/https-client.ts";
import { askSteadily } from "../../support/steady-client.ts";
import { ServedApps } from "../support/served-apps.ts";

jest.setTimeout(20_000);

const served = new ServedApps();
const version = (image: string, traffic?: object[], mode = "Multiple") =>
  served.app(image, {
    template: { revisionSuffix: image },
    configuration: { activeRevisionsMode: mode, ingress: { external: true, targetPort: 8000, traffic } },
  });
const bodyOf = async (name: string) => (await ask(served.url(name), served.caFile, { agent: false })).body;
beforeAll(() => served.start());
afterAll(() => served.dispose());

test("a new revision is tried out by its label, given a tenth, a half, all, and the old one ended, without a lost request at 40 a second", async () => {
  await served.apps.apply(version("v1"));
  await served.until(() => served.state().runningState === "Running");
  const shares = (ofNew: number) => [
    { revisionName: "echo--v1", weight: 100 - ofNew, label: "blue" },
    { revisionName: "echo--v2", weight: ofNew, label: "green" },
  ];
  const client = askSteadily(served.url(), served.caFile, 40);
  await served.apps.apply(version("v2", shares(0)));
  await served.until(() => served.state().runningState === "Running");
  expect([await bodyOf("echo---blue"), await bodyOf("echo---green"), await bodyOf("echo--v2"), await bodyOf("echo")]).toEqual(["v1", "v2", "v2", "v1"]);
  for (const ofNew of [10, 50, 100]) {
    await served.apps.apply(version("v2", shares(ofNew)));
    await sleep(400);
  }
  await served.apps.deactivateRevision(served.id, "echo--v1");
  await sleep(200);
  await served.apps.apply(version("v2", undefined, "Single"));
  await sleep(200);
  const { failures, asked, bodies } = await client.stop();
  expect(failures).toEqual([]);
  expect(served.engine.cutOff).toBe(0);
  expect(asked).toBeGreaterThan(40);
  expect([...bodies].sort()).toEqual(["v1", "v2"]);
  expect(served.apps.revisions(served.id).map(({ properties }) => [properties.active, properties.trafficWeight])).toEqual([[false, 0], [true, 100]]);
  expect(await ask(served.url("echo---green"), served.caFile, { agent: false })).toMatchObject({ status: 404 });
});

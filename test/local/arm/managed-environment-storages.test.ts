import { expect, test } from "@jest/globals";
import { memoryStore } from "../../support/memory-store.ts";
import { openWorld } from "../../support/arm-world.ts";
import { ENVIRONMENT, makePlatform } from "../../support/platform-bodies.ts";

const STORAGE = `${ENVIRONMENT}/storages/data`;
const body = { properties: { azureFile: { accountName: "wharfdata", accountKey: "c2VjcmV0LWtleQ==", shareName: "notes", accessMode: "ReadWrite" } } };

test("an account's key is in no answer and is not kept", async () => {
  const store = memoryStore();
  const world = openWorld({ store });
  await makePlatform(world);
  const answers = [await world.ask("PUT", STORAGE, body), await world.ask("GET", STORAGE), await world.ask("GET", `${ENVIRONMENT}/storages`)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(JSON.stringify([answers, store.list("")])).not.toContain("c2VjcmV0LWtleQ");
});

test("a storage needs the rights to it, and is gone with its environment", async () => {
  const world = openWorld();
  await makePlatform(world);
  expect((await world.ask("PUT", STORAGE, body, "stranger")).status).toBe(403);
  await world.must("PUT", STORAGE, body);
  expect((await world.ask("GET", STORAGE, undefined, "stranger")).status).toBe(403);
  await world.must("DELETE", ENVIRONMENT);
  expect(world.store.list("arm").filter(({ key }) => key.includes("storages"))).toEqual([]);
});

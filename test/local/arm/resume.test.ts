import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { objectOf } from "../../../local/arm/json.ts";
import type { Operation } from "../../../local/arm/operations.ts";
import { openDocumentStore } from "../../../local/document-store-files.ts";
import type { DocumentStore } from "../../../local/document-store.ts";
import { openWorld, type World } from "../../support/arm-world.ts";
import { memoryStore } from "../../support/memory-store.ts";
import { appBody, ENVIRONMENT, makePlatform, REGISTRY } from "../../support/platform-bodies.ts";

const APP = "Microsoft.App/containerApps/weather";
const never = () => new Promise<void>(() => {});

/** A store that stops taking writes after `left` of them, as a disk does when the process dies. */
function dyingStore(store: DocumentStore, left: number): DocumentStore & { dead: boolean } {
  const guard = (write: () => void) => {
    if (left === 0) dying.dead = true;
    if (dying.dead) throw new Error("the process is dead");
    left -= 1;
    write();
  };
  const dying = {
    dead: false,
    get: <T>(key: string) => store.get<T>(key),
    list: <T>(prefix: string) => store.list<T>(prefix),
    put: <T>(key: string, value: T) => guard(() => store.put(key, value)),
    delete: (key: string) => guard(() => store.delete(key)),
  };
  return dying;
}

const stateOf = async (world: World, path: string) => objectOf(objectOf((await world.ask("GET", path)).body)["properties"])["provisioningState"];
const operations = (store: DocumentStore) => store.list<Operation>("operations/").map(({ value }) => value);

describe("an operation that a crash interrupted is run again, under the same id", () => {
  test.each([
    ["the making of an app", "PUT", APP, appBody, "apps.apply", "Succeeded"],
    ["the change of an app", "PATCH", APP, () => ({ tags: { a: "b" } }), "apps.apply", "Succeeded"],
    ["the removal of an app", "DELETE", APP, undefined, "apps.remove", undefined],
    ["the change of an environment", "PATCH", ENVIRONMENT, () => ({ tags: { a: "b" } }), "environments.start", "Succeeded"],
    ["the change of a registry", "PATCH", REGISTRY, () => ({ tags: { a: "b" } }), "registries.start", "Succeeded"],
  ])("%s", async (_what, method, path, body, call, expected) => {
    const store = memoryStore();
    const before = openWorld({ store });
    await makePlatform(before);
    if (method !== "PUT" && path === APP) await before.must("PUT", APP, appBody(before));
    before.hosts.before = never;
    const answer = await before.ask(method, path, body?.(before));
    await new Promise((resolve) => setImmediate(resolve));

    const after = openWorld({ store });
    await after.arm.resume();
    await after.arm.idle();
    expect(after.hosts.calls).toEqual([`${call} ${after.idOf(path)}`]);
    expect(await stateOf(after, path)).toBe(expected);
    const { pathname, search } = new URL(answer.headers["azure-asyncoperation"]!);
    expect((await after.ask("GET", pathname + search)).body).toMatchObject({ status: "Succeeded" });
  });
});

test("the removal of a group goes on where it stopped", async () => {
  const store = memoryStore();
  const before = openWorld({ store });
  await makePlatform(before);
  await before.must("PUT", APP, appBody(before));
  before.hosts.before = (call) => (call.startsWith("environments") ? never() : Promise.resolve());
  await before.ask("DELETE", before.group);
  for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  expect((await before.ask("GET", APP)).status).toBe(404);
  expect((await before.ask("GET", before.group)).body).toMatchObject({ properties: { provisioningState: "Deleting" } });

  const after = openWorld({ store });
  await after.arm.resume();
  await after.arm.idle();
  expect((await after.ask("GET", after.group)).status).toBe(404);
  expect(store.list("arm/")).toEqual([]);
  expect(operations(store).filter(({ status }) => status !== "Succeeded")).toEqual([]);
});

test("wherever between two writes the process dies, a restart ends with the app whole or not there", async () => {
  let crashes = 0;
  for (let left = 0; ; left += 1) {
    const store = memoryStore();
    await makePlatform(openWorld({ store }));
    const dying = dyingStore(store, left);
    const before = openWorld({ store: dying });
    const answer = await before.ask("PUT", APP, appBody(before));
    await before.arm.idle();
    if (!dying.dead) break;
    crashes += 1;

    const after = openWorld({ store });
    await after.arm.resume();
    await after.arm.idle();
    const seen = { answered: answer.status, state: await stateOf(after, APP), unfinished: operations(store).filter(({ status }) => status === "InProgress").length };
    // What was accepted is never lost; what was not answered may be there or not.
    expect(seen).toEqual({ answered: answer.status === 201 ? 201 : 500, state: answer.status === 201 ? "Succeeded" : undefined, unfinished: 0 });
    if (answer.status === 500) expect(operations(store).some(({ resourceId }) => resourceId.endsWith("weather"))).toBe(false);
  }
  expect(crashes).toBe(4);
});

test("it survives in files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "arm-"));
  try {
    const before = openWorld({ store: openDocumentStore(folder) });
    await makePlatform(before);
    before.hosts.before = never;
    await before.ask("PUT", APP, appBody(before));

    const after = openWorld({ store: openDocumentStore(folder) });
    expect(after.tenant).toEqual(before.tenant);
    await after.arm.resume();
    await after.arm.idle();
    expect(await stateOf(after, APP)).toBe("Succeeded");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a start after a clean end does nothing", async () => {
  const store = memoryStore();
  const before = openWorld({ store });
  await makePlatform(before);
  await before.must("PUT", APP, appBody(before));
  const after = openWorld({ store });
  const { writes } = store;
  await after.arm.resume();
  await after.arm.idle();
  expect(after.hosts.calls).toEqual([]);
  expect(store.writes).toBe(writes);
});

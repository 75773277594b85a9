import { isObject, type JsonObject } from "../../../../local/arm/json.ts";
import { errorOf, openWorld, type World } from "../../../support/arm-world.ts";
import { makePlatform } from "../../../support/platform-bodies.ts";
import type { Rule, Step } from "./rule.ts";

const locate = (path: string, world: World) => path.replaceAll("$group", world.group).replaceAll("$subscription", `/subscriptions/${world.tenant.subscriptionId}`);

/** Sends the row's request to an ARM of its own; says how the answer differs from what the row expects, or nothing. */
export async function problemOfRow(row: Rule): Promise<string | undefined> {
  const { method = "PUT", path, body, given = [], begun = [], before, as, propagationDelayMs = 0, accepted, refused } = row;
  const world = openWorld({ propagationDelayMs });
  await makePlatform(world);
  for (const step of given) await world.must(step.method ?? "PUT", locate(step.path, world), step.body?.(world));
  await before?.(world);
  for (const step of begun) await begin(step, world);

  const answer = await world.ask(method, locate(path, world), body?.(world), as?.(world));
  await world.arm.idle();

  if (world.log.length > 0) return `the miniature itself failed: ${world.log.join("\n")}`;
  const got = errorOf(answer) as { status: number; code?: string; message?: string };
  if (!refused) {
    if (answer.status >= 300) return `expected an accepted request, got ${JSON.stringify(got)}`;
    return accepted === true ? undefined : difference(answer.body, accepted, "");
  }
  const { status = 400, code, message } = refused;
  return difference(got, { status, code, message: typeof message === "function" ? message(world) : message }, "");
}

async function begin({ method = "PUT", path, body }: Step, world: World): Promise<void> {
  const { status } = await world.ask(method, locate(path, world), body?.(world));
  if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
}

/** Where the actual value lacks something of the expected one: objects may have more, an expression matches a text. */
function difference(actual: unknown, expected: unknown, path: string): string | undefined {
  if (expected instanceof RegExp) return typeof actual === "string" && expected.test(actual) ? undefined : unlike(actual, expected, path);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return unlike(actual, expected, path);
    return firstOf(expected.map((item, index) => difference(actual[index], item, `${path}[${index}]`)));
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return unlike(actual, expected, path);
    return firstOf(Object.entries(expected).map(([name, value]) => difference((actual as JsonObject)[name], value, `${path}.${name}`)));
  }
  return Object.is(actual, expected) ? undefined : unlike(actual, expected, path);
}

const firstOf = (differences: Array<string | undefined>) => differences.find((each) => each !== undefined);

const unlike = (actual: unknown, expected: unknown, path: string) =>
  `at '${path}' expected ${expected instanceof RegExp ? String(expected) : JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;

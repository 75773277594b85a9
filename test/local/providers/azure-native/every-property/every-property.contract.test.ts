import { describe, expect, test } from "@jest/globals";
import { azureNativeProvider } from "../../../../../local/providers/azure-native/provider.ts";
import type { ResourceContext } from "../../../../../local/providers/grpc/provider.ts";
import type { PropertyMap } from "../../../../../local/providers/grpc/property-values.ts";
import { openWorld, type World } from "../../../../support/arm-world.ts";
import { makePlatform } from "../../../../support/platform-bodies.ts";
import { EXAMPLES, type Example } from "./examples.ts";
import { setAt, valueAt } from "./paths.ts";
import { typingsOf, type Leaf, type Typings } from "./sdk-typings.ts";

/** Each property is a creation of its own, and ARM is asked every tenth of a second whether it is done. */
const SECONDS = 60;
const MEANINGFUL = { string: "text", number: 5, boolean: true };

/** The least that a program must say, the property, and what has to stand beside it; from the weakest word to the strongest. */
function programWith(leaf: Leaf, { least, values, beside }: Example, { requiredIn }: Typings, world: World): PropertyMap {
  const given = { ...least(world), ...values?.(world) };
  const valueOf = ({ path, type }: Leaf) => given[path] ?? MEANINGFUL[type];
  const neighbours = Object.entries(beside?.(world) ?? {}).filter(([path]) => leaf.path === path || leaf.path.startsWith(`${path}.`) || leaf.path.startsWith(`${path}[`));
  const longest = neighbours.sort(([one], [other]) => other.length - one.length)[0]?.[1] ?? {};
  const inputs: PropertyMap = {};
  for (const around of ancestorsOf(leaf.path)) for (const each of requiredIn(around)) if (isNeeded(each.path, around)) setAt(inputs, each.path, valueOf(each));
  for (const [path, value] of Object.entries({ ...least(world), ...longest, [leaf.path]: valueOf(leaf) })) setAt(inputs, path, value);
  return inputs;
}

/** Directly in the object; what is deeper is needed only when its own object is there. */
const isNeeded = (path: string, around: string) => !path.slice(around.length + 1).includes(".");

function ancestorsOf(path: string): string[] {
  const parts = path.split(".");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("."));
}

function providerOf(world: World) {
  const { callerPrincipalId: principalId, tenantId, subscriptionId } = world.tenant;
  return azureNativeProvider({ arm: world.arm, armEndpoint: "https://localhost:1", principalId, tenantId, subscriptionId, issueToken: async () => "" });
}

const { signal } = new AbortController();
const contextOf = (type: string): ResourceContext => ({ type, urn: `urn:pulumi:s::p::${type}::new`, name: "new", config: {}, log: () => undefined, signal, gone: signal });

/** `honoured`, `named`, or in what way it is neither. */
async function fateOf(leaf: Leaf, example: Example, typings: Typings): Promise<string> {
  const world = openWorld();
  await makePlatform(world);
  await example.given?.(world);
  const provider = providerOf(world);
  const context = contextOf(example.token);
  const given = programWith(leaf, example, typings, world);
  const { inputs, failures } = await provider.check({ olds: undefined, news: given, randomSeed: new Uint8Array(), autoNaming: undefined }, context);
  const reasons = failures.map(({ reason }) => reason);
  if (reasons.some((reason) => names(reason, leaf.path, example.token))) return "named";
  if (reasons.length > 0) return `refused otherwise: ${reasons.join("; ")}`;

  const { id, outputs } = await provider.create({ inputs, preview: false }, context).catch((error: Error) => ({ id: `refused by ARM: ${error.message}`, outputs: {} as PropertyMap }));
  const value = valueAt(given, leaf.path);
  if (id.toLowerCase().includes(`/${String(value).replace(/^\//, "").toLowerCase()}`) && !leaf.path.includes(".")) return "honoured";
  if (example.writeOnly?.[leaf.path] !== undefined) return outputs["azureApiVersion"] === undefined ? id : "honoured";
  if (leaf.path === "identity.userAssignedIdentities[0]" && String(value) in Object(valueAt(outputs, "identity.userAssignedIdentities"))) return "honoured";
  const answered = valueAt(outputs, leaf.path);
  return answered === value ? "honoured" : `ignored: '${String(value)}' became '${String(answered)}' (${id})`;
}

/** Names the property, or what holds it, the type, and the page. */
function names(reason: string, path: string, token: string): boolean {
  const [, named] = /^Azure in miniature does not emulate '([^']+)' of (\S+)\. .*See local\/README\.md#not-emulated$/.exec(reason) ?? [];
  return named !== undefined && reason.includes(` of ${token}.`) && (path === named || path.startsWith(`${named}.`) || path.startsWith(`${named}[`));
}

describe.each(EXAMPLES)("every optional property of $typings in the SDK", (example) => {
  const typings = typingsOf(example.typings);

  test("is honoured, or named as not emulated in the preview", async () => {
    const leaves = typings.leaves.filter(({ optional }) => optional);
    const fates = await Promise.all(leaves.map(async (leaf) => [leaf.path, await fateOf(leaf, example, typings)] as const));
    const lost = Object.fromEntries(fates.filter(([, fate]) => fate !== "honoured" && fate !== "named"));
    expect(lost).toEqual({});
  }, SECONDS * 1000);

  test("is still there where this test says something of it", () => {
    const world = openWorld();
    const said = Object.keys({ ...example.values?.(world), ...example.writeOnly });
    expect(said.filter((path) => !typings.leaves.some((leaf) => leaf.path === path))).toEqual([]);
  });
});

test("the typings are read to their depth", () => {
  const counts = Object.fromEntries(EXAMPLES.map(({ typings }) => [typings, typingsOf(typings).leaves.filter(({ optional }) => optional).length]));
  expect(counts).toEqual({
    "resources/resourceGroup": 4,
    "managedidentity/userAssignedIdentity": 3,
    "authorization/roleAssignment": 6,
    "operationalinsights/workspace": 18,
    "containerregistry/registry": 29,
    "app/managedEnvironment": 54,
    "app/managedEnvironmentsStorage": 10,
    "app/httpRouteConfig": 14,
    "app/containerApp": 154,
  });
});

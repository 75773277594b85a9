import { describe, expect, test } from "@jest/globals";
import { adopt, ADOPTED, isOwn, type Found } from "../../automation/adoption.ts";
import { UNKNOWN } from "../../automation/arm-ids.ts";
import type { Deployment, ResourceState } from "../../automation/state-files.ts";

const urn = (type: string, name: string) => `urn:pulumi:local::wharf::${type}::${name}`;
const STACK: ResourceState = { urn: urn("pulumi:pulumi:Stack", "wharf-local"), type: "pulumi:pulumi:Stack", custom: false };
const PROVIDER: ResourceState = { urn: urn("pulumi:providers:azure-native", "default_3_28_0"), type: "pulumi:providers:azure-native", custom: true, id: "1f" };
const GROUP: ResourceState = { urn: urn("azure-native:resources:ResourceGroup", "group"), type: "azure-native:resources:ResourceGroup", custom: true, id: "/g" };
const deployment = (...more: ResourceState[]): Deployment => ({ manifest: { version: "v3" }, resources: [STACK, PROVIDER, GROUP, ...more] });

const app = (changes: Partial<ResourceState> = {}): ResourceState => ({
  urn: urn("azure-native:app:ContainerApp", "echo-app"),
  type: "azure-native:app:ContainerApp",
  custom: true,
  parent: STACK.urn,
  provider: `${PROVIDER.urn}::1f`,
  inputs: { containerAppName: "echo", resourceGroupName: "wharf" },
  dependencies: [GROUP.urn, urn("docker:index/image:Image", "echo-image")],
  propertyDependencies: { resourceGroupName: [GROUP.urn], template: [urn("docker:index/image:Image", "echo-image")] },
  ...changes,
});
const found = (changes: Partial<Found> = {}): Found => ({ resource: app(), id: "/apps/echo", document: { name: "echo" }, replaces: false, ...changes });

describe("adopting what ARM has and the state lacks", () => {
  test("it comes into the state with its id and an init error, so that the next up updates it", () => {
    const { deployment: after, adopted } = adopt(deployment(), [found()]);
    expect(adopted).toEqual([app().urn]);
    expect(after.resources?.slice(0, 3)).toEqual([STACK, PROVIDER, GROUP]);
    expect(after.resources?.[3]).toMatchObject({
      id: "/apps/echo",
      inputs: { containerAppName: "echo", resourceGroupName: "wharf" },
      outputs: { containerAppName: "echo", resourceGroupName: "wharf", id: "/apps/echo", name: "echo" },
      parent: STACK.urn,
      initErrors: [ADOPTED],
    });
  });

  test("dependencies that the state does not have are left out, since no state with them could be imported", () => {
    const state = adopt(deployment(), [found()]).deployment.resources![3]!;
    expect(state.dependencies).toEqual([GROUP.urn]);
    expect(state.propertyDependencies).toEqual({ resourceGroupName: [GROUP.urn], template: [] });
  });

  test("one adopted resource can stand on another", () => {
    const image = urn("azure-native:app:ManagedEnvironment", "env");
    const environment = found({ resource: app({ urn: image, type: "azure-native:app:ManagedEnvironment", dependencies: [] }), id: "/env" });
    const { deployment: after } = adopt(deployment(), [environment, found({ resource: app({ dependencies: [image] }) })]);
    expect(after.resources!.at(-1)!.dependencies).toEqual([image]);
  });

  test("pending operations are gone afterwards, everything else is as before", () => {
    const before: Deployment = { ...deployment(), pending_operations: [{ type: "creating", resource: app() }], metadata: { a: 1 } };
    const { deployment: after } = adopt(before, []);
    expect(after).toEqual({ manifest: { version: "v3" }, metadata: { a: 1 }, resources: [STACK, PROVIDER, GROUP] });
    expect(before.pending_operations).toHaveLength(1);
  });

  test("a resource that the state has already is left alone", () => {
    const known = app({ id: "/apps/echo" });
    expect(adopt(deployment(known), [found()])).toMatchObject({ adopted: [] });
  });

  test("a replacement takes its place before the old one, which is then still to be deleted", () => {
    const old = app({ id: "/apps/old" });
    const dependent: ResourceState = { urn: urn("x:y:Z", "z"), type: "x:y:Z", custom: true, id: "z", dependencies: [old.urn] };
    const { deployment: after } = adopt(deployment(old, dependent), [found({ replaces: true })]);
    expect(after.resources!.slice(3).map(({ id, delete: condemned }) => [id, condemned])).toEqual([["/apps/echo", undefined], ["/apps/old", true], ["z", undefined]]);
  });

  test("a replacement that has the old one's id is not adopted twice", () => {
    expect(adopt(deployment(app({ id: "/apps/echo" })), [found({ replaces: true })]).adopted).toEqual([]);
  });

  test("the provider is the state's, whatever id the plan gave it; without one nothing is adopted", () => {
    expect(adopt(deployment(), [found({ resource: app({ provider: `${PROVIDER.urn}::${UNKNOWN}` }) })]).deployment.resources![3]!.provider).toBe(`${PROVIDER.urn}::1f`);
    expect(adopt(deployment(), [found({ resource: app({ provider: `${urn("pulumi:providers:azure-native", "other")}::1f` }) })]).adopted).toEqual([]);
  });

  test("inputs that a plan does not know are ARM's, so that what may not change does not look changed; else they are left out", () => {
    const inputs = { containerAppName: "echo", environmentId: UNKNOWN, location: UNKNOWN, secret: "[secret]", template: { containers: [{ image: `x@${UNKNOWN}`, name: "echo" }] } };
    const document = { name: "echo", location: "westeurope", properties: { environmentId: "/env", template: { containers: [] } } };
    expect(adopt(deployment(), [found({ resource: app({ inputs }), document })]).deployment.resources![3]!.inputs).toEqual({
      containerAppName: "echo",
      environmentId: "/env",
      location: "westeurope",
      template: { containers: [{ name: "echo" }] },
    });
  });

  test("encrypted inputs stay as they are", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
    expect(adopt(deployment(), [found({ resource: app({ inputs: { key: secret } }) })]).deployment.resources![3]!.inputs).toEqual({ key: secret });
  });
});

describe("whose a resource is", () => {
  test.each([
    ["azure-native:app:ContainerApp", { tags: { "toolwharf-stack": "local" } }, true],
    ["azure-native:app:ContainerApp", { tags: { "toolwharf-stack": "dev" } }, false],
    ["azure-native:app:ContainerApp", {}, false],
    ["azure-native:authorization:RoleAssignment", {}, true],
  ])("%s with %j: ours is %s", (type, document, own) => {
    expect(isOwn(type, document, "local")).toBe(own);
  });
});

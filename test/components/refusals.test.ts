import { describe, expect, test } from "@jest/globals";
import { explainAssignment } from "../../components/assignment-refusal.ts";
import { explainPull } from "../../components/pull-refusal.ts";
import { isPushRefusal, missingRole } from "../../components/push-refusal.ts";
import { waitBeforeRetry } from "../../components/refusals.ts";

const BUSY = `Code="ContainerAppOperationInProgress" Message="Cannot modify a container app 'x' because there is an active provisioning operation in progress."`;
const ENVIRONMENT_BUSY = `Code="ManagedEnvironmentOperationInProgress" Message="Cannot modify Container Apps environment x because another operation is in progress."`;

describe("what ARM refused because something is going on", () => {
  test.each([
    [[BUSY], 2],
    [[ENVIRONMENT_BUSY, BUSY], 5],
    [Array.from({ length: 13 }, () => BUSY), 30],
  ])("is tried again: %#", (errors, seconds) => {
    expect(waitBeforeRetry(errors)).toBe(seconds);
  });

  test("is given up after twenty minutes", () => {
    let waited = 0;
    const errors = [BUSY];
    for (let seconds = waitBeforeRetry(errors); seconds !== undefined; seconds = waitBeforeRetry(errors)) {
      waited += seconds;
      errors.unshift(BUSY);
    }
    expect(waited).toBeGreaterThan(1_190);
    expect(waited).toBeLessThan(1_230);
  });
});

test.each([
  [[`Code="ContainerAppOperationError" Message="Failed to provision revision"`]],
  [["resource partially created but read failed", BUSY]],
  [[BUSY, "cannot create already existing resource '/x'"]],
])("what may have been accepted is never tried again: %j", (errors) => {
  expect(waitBeforeRetry(errors)).toBeUndefined();
});

test.each([
  ["denied: requested access to the resource is denied", true],
  ["unauthorized: authentication required, visit https://aka.ms/acr/authorization", true],
  ["error reading push output: insufficient_scope: authorization failed", true],
  ["npm error code ETARGET", false],
  ["exit code: 1", false],
])("%j is a refused push: %p", (error, expected) => {
  expect(isPushRefusal(error)).toBe(expected);
});

test("the missing role is named, with the command that gives it", () => {
  expect(missingRole("push", "legacy", "/subscriptions/s/registries/r")).toEqual({
    needed: expect.stringContaining('the role "AcrPush" on /subscriptions/s/registries/r'),
    next: 'az role assignment create --role "AcrPush" --assignee <object id> --scope /subscriptions/s/registries/r',
  });
  expect(missingRole("push", "abac", "reg.azurecr.io").needed).toContain("Container Registry Repository Writer");
});

describe("an app whose image was not pulled", () => {
  const inputs = { configuration: { registries: [{ server: "reg.azurecr.io", identity: "/identities/puller" }] } };

  test.each([
    "Field 'template.containers.tool.image' is invalid: 'UNAUTHORIZED: authentication required'",
    "unable to pull image using Managed identity /identities/puller for registry reg.azurecr.io",
    "Failed to provision revision for container app 'weather'. Error details: Operation expired.",
  ])("%s: is told which identity lacks which role where, and what to do", (error) => {
    const text = explainPull("weather-app", error, inputs, "legacy")!;
    expect(text).toMatch(/^PULL_REFUSED: the image of weather-app could not be pulled/);
    expect(text).toContain('needed: the role "AcrPull" on reg.azurecr.io for /identities/puller; a new assignment takes up to 10 minutes');
    expect(text).toContain("next: run the same command again");
  });

  test("in a registry with ABAC another role is the one", () => {
    expect(explainPull("a", "UNAUTHORIZED", {}, "abac")).toContain("Container Registry Repository Reader");
  });

  test("that failed for another reason is left alone", () => {
    expect(explainPull("a", "ContainerAppOperationInProgress", inputs, "legacy")).toBeUndefined();
  });
});

test("who may not assign roles is told which role and which command", () => {
  const text = explainAssignment("autorest/azure: error 403: Code=\"AuthorizationFailed\"", { scope: "/registries/r" })!;
  expect(text).toContain('"Role Based Access Control Administrator" (or "Owner") on /registries/r');
  expect(text).toContain('next: az role assignment create --role "Role Based Access Control Administrator" --assignee <object id> --scope /registries/r');
  expect(explainAssignment("PrincipalNotFound", {})).toBeUndefined();
});

import { describe, expect, test } from "@jest/globals";
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

  test("is given up after five minutes", () => {
    let waited = 0;
    const errors = [BUSY];
    for (let seconds = waitBeforeRetry(errors); seconds !== undefined; seconds = waitBeforeRetry(errors)) {
      waited += seconds;
      errors.unshift(BUSY);
    }
    expect(waited).toBeGreaterThan(290);
    expect(waited).toBeLessThan(350);
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

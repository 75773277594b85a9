import { describe, expect, test } from "@jest/globals";
import { askAzureCli } from "../../../cli/doctor/azure-cli.ts";
import { judgeRoles, needsAt, type RegistryKind, type RoleAssignment } from "../../../cli/doctor/roles.ts";

const ME = "11111111-1111-1111-1111-111111111111";
const SCOPE = "/subscriptions/s";
const assignment = (role: string, condition?: string): RoleAssignment => ({
  properties: { roleDefinitionId: `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${role}`, scope: SCOPE, ...(condition && { condition }) },
});
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const CONTRIBUTOR = "B24988AC-6180-42a0-ab88-20f7382dd24c";
const RBAC_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";

const states = (assignments: RoleAssignment[], registry: RegistryKind = "own") =>
  Object.fromEntries(judgeRoles(needsAt(SCOPE, registry), assignments, ME).map(({ what, state }) => [what, state]));

describe("roles", () => {
  test("Contributor alone cannot assign the role that pulls; the command that mends it names who, what and where", () => {
    const findings = judgeRoles(needsAt(SCOPE, "own"), [assignment(CONTRIBUTOR)], ME);
    expect(findings.map(({ what, state }) => [what, state])).toEqual([["create resources", "ok"], ["assign AcrPull", "missing"], ["push images", "ok"]]);
    expect(findings[1]!.mend).toBe(`az role assignment create --assignee-object-id ${ME} --role "Role Based Access Control Administrator" --scope ${SCOPE}`);
  });

  test("Owner can do all", () => {
    expect(states([assignment(OWNER)])).toEqual({ "create resources": "ok", "assign AcrPull": "ok", "push images": "ok" });
  });

  test("a role under a condition is worth a note", () => {
    expect(states([assignment(CONTRIBUTOR), assignment(RBAC_ADMINISTRATOR, "(x)")])["assign AcrPull"]).toBe("note");
  });

  test("on a registry with ABAC permissions Owner does not push", () => {
    expect(states([assignment(OWNER)], "abac")).toEqual({ "push images": "missing" });
    expect(states([assignment("2a1e307c-b015-4ebd-883e-5b7698a07328")], "abac")).toEqual({ "push images": "ok" });
  });

  test("custom roles are mentioned, since what they allow was not looked at", () => {
    expect(states([assignment(OWNER), assignment("99999999-9999-9999-9999-999999999999")])).toMatchObject({ "other roles": "note" });
  });
});

describe("the Azure CLI", () => {
  test("says who is logged in and where; the object id comes from the token", async () => {
    const token = `x.${Buffer.from(JSON.stringify({ oid: ME })).toString("base64url")}.x`;
    const run = async (args: string[]) =>
      args[1] === "show" ? JSON.stringify({ id: "s", name: "Pay as you go", user: { name: "me@example.org" } }) : JSON.stringify({ accessToken: token });
    expect(await askAzureCli(run)).toEqual({ login: { subscriptionId: "s", subscriptionName: "Pay as you go", user: "me@example.org", principalId: ME, token } });
  });

  test("not installed, and not logged in, are findings with the way out", async () => {
    const fail = (error: object) => () => Promise.reject(Object.assign(new Error("x"), error));
    expect(await askAzureCli(fail({ code: "ENOENT" }))).toMatchObject({ problem: { state: "missing", mend: expect.stringContaining("install") } });
    expect(await askAzureCli(fail({ code: 1, stderr: "WARNING: x\nERROR: Please run 'az login' to setup account.\n" }))).toMatchObject({
      problem: { state: "missing", found: "ERROR: Please run 'az login' to setup account.", mend: "az login" },
    });
  });
});

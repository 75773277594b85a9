import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { lookAtSubscription, type AzureTarget } from "../../../cli/doctor/azure.ts";
import type { Finding } from "../../../cli/doctor/finding.ts";
import { createArm } from "../../../local/arm/arm.ts";
import { createAccess } from "../../../local/arm/authorization/access.ts";
import { grantCallerDefaults, listAssignments, removeAssignment } from "../../../local/arm/authorization/assignments.ts";
import type { Hosts } from "../../../local/arm/hosts.ts";
import { ARM_AUDIENCE, serveArm, type ArmServer } from "../../../local/arm/server.ts";
import { openCertificates } from "../../../local/certificates.ts";
import { openDocumentStore } from "../../../local/document-store-files.ts";
import { openTenant } from "../../../local/entra/tenant.ts";
import { openTokenAuthority } from "../../../local/entra/tokens.ts";

describe("doctor --azure against the miniature's ARM", () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-doctor-"));
  const store = openDocumentStore(join(folder, "documents"));
  let server: ArmServer;
  let target: AzureTarget;

  beforeAll(async () => {
    const tenant = openTenant(store);
    const tokens = await openTokenAuthority(folder, tenant);
    grantCallerDefaults(store, tenant);
    const certificates = await openCertificates(join(folder, "certificates"));
    const arm = createArm({ store, hosts: {} as Hosts, access: createAccess({ store }), ...tenant });
    server = await serveArm({ arm, tokens, certificate: await certificates.issue(["localhost"]), port: 0 });
    const token = await tokens.issue({ principalId: tenant.callerPrincipalId, audience: ARM_AUDIENCE });
    target = {
      login: { subscriptionId: tenant.subscriptionId, subscriptionName: "miniature", user: "me", principalId: tenant.callerPrincipalId, token },
      endpoint: server.endpoint,
      caFile: certificates.caFile,
    };
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const states = (findings: Finding[]) => Object.fromEntries(findings.map(({ what, state }) => [what, state]));

  test("the caller's roles are read with its token, inherited ones at a registry too", async () => {
    expect(states(await lookAtSubscription(target, {}))).toMatchObject({ "create resources": "ok", "assign AcrPull": "ok", "push images": "ok" });
  });

  test("a registry that does not exist is missing", async () => {
    const registry = `/subscriptions/${target.login.subscriptionId}/resourceGroups/x/providers/Microsoft.ContainerRegistry/registries/acr1`;
    expect(states(await lookAtSubscription(target, { registry }))).toMatchObject({ registry: "missing", "create resources": "ok" });
  });

  test("what cannot be asked is a note, with the command that does", async () => {
    const findings = await lookAtSubscription({ ...target, login: { ...target.login, token: "not one" } }, {});
    expect(states(findings)).toMatchObject({ "Microsoft.App": "note", roles: "note" });
    expect(findings.find(({ what }) => what === "roles")).toMatchObject({ found: expect.stringContaining("401"), mend: expect.stringContaining("az role assignment list") });
    expect(JSON.stringify(findings)).not.toContain("not one");
  });

  test("without a role the command names who, which role and where", async () => {
    for (const { name } of listAssignments(store).filter(({ roleId }) => roleId.startsWith("f58310d9"))) removeAssignment(store, name);
    const finding = (await lookAtSubscription(target, {})).find(({ what }) => what === "assign AcrPull");
    expect(finding).toMatchObject({ state: "missing", mend: expect.stringContaining(`--assignee-object-id ${target.login.principalId} --role "Role Based Access Control Administrator"`) });
  });
});

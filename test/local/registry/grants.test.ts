import { describe, expect, test } from "@jest/globals";
import { grant, type RoleCheck } from "../../../local/registry/grants.ts";
import { parseScopes, writeScopes } from "../../../local/registry/scopes.ts";

const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r";
const roles = (...allowed: string[]): RoleCheck => ({
  allows: (principal, kind, action, scope) => principal === "me" && scope === ID && allowed.includes(`${kind} ${action.replace("Microsoft.ContainerRegistry/registries/", "")}`),
});
const ask = (scope: string, check: RoleCheck, mode: "legacy" | "abac" = "legacy") =>
  writeScopes(grant(parseScopes([scope]), { id: ID, mode }, "me", check));

const PULL = "action pull/read";
const PUSH = "action push/write";
const DELETE = "action artifacts/delete";

describe("a token holds exactly what the roles allow", () => {
  test.each([
    ["repository:a/b:pull,push", [PULL], "repository:a/b:pull"],
    ["repository:a/b:pull,push", [PULL, PUSH], "repository:a/b:pull,push"],
    ["repository:a:pull repository:b:push", [PULL], "repository:a:pull"],
    ["repository:a:delete", [PULL, PUSH], ""],
    ["repository:a:*", [PULL, PUSH, DELETE], "repository:a:pull,metadata_read,push,metadata_write,delete"],
    ["repository:a:*", [PULL], "repository:a:pull,metadata_read"],
    ["registry:catalog:*", [PULL], "registry:catalog:*"],
    ["registry:catalog:*", [], ""],
    ["registry:other:*", [PULL], ""],
    ["repository:a:fly", [PULL], ""],
    ["nonsense", [PULL], ""],
  ])("%s with %j is %j", (asked, allowed, held) => {
    expect(ask(asked, roles(...allowed))).toBe(held);
  });

  test("in ABAC mode AcrPull and AcrPush are worth nothing, and data actions count", () => {
    expect(ask("repository:a:pull,push", roles(PULL, PUSH), "abac")).toBe("");
    expect(ask("repository:a:pull,push", roles("dataAction repositories/content/read"), "abac")).toBe("repository:a:pull");
    expect(ask("registry:catalog:*", roles("dataAction catalog/read"), "abac")).toBe("registry:catalog:*");
  });
});

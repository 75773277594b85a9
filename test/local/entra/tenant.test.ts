import { expect, test } from "@jest/globals";
import { openPrincipals } from "../../../local/entra/principals.ts";
import { openTenant } from "../../../local/entra/tenant.ts";
import { memoryStore } from "../../support/memory-store.ts";

test("a tenant is chosen once", () => {
  const store = memoryStore();
  expect(openTenant(store)).toEqual(openTenant(store));
  expect(openTenant(store)).not.toEqual(openTenant(memoryStore()));
});

test("its caller is a user", () => {
  const store = memoryStore();
  const { callerPrincipalId } = openTenant(store);
  expect(openPrincipals(store).find(callerPrincipalId)).toMatchObject({ type: "User" });
});

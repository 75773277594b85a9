import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { openTokenAuthority, TokenError } from "../../../local/entra/tokens.ts";

const ARM = "https://management.azure.com/";
const tenant = { tenantId: "tenant", subscriptionId: "subscription" };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entra-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const reasonOf = async (verifying: Promise<unknown>) => {
  const error = await verifying.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TokenError);
  return (error as TokenError).reason;
};

test("a token tells who it is for and who holds it", async () => {
  const authority = await openTokenAuthority(folder, tenant);
  const token = await authority.issue({ principalId: "me", audience: ARM });
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: "ES256", typ: "JWT" });
  expect(decodeJwt(token)).toMatchObject({ aud: ARM, oid: "me", tid: "tenant", iss: "https://sts.windows.net/tenant/" });
  await expect(authority.verify(token, ARM)).resolves.toEqual({ principalId: "me", tenantId: "tenant" });
});

test("it lasts an hour unless asked otherwise", async () => {
  const authority = await openTokenAuthority(folder, tenant);
  const lifetime = async (ttlSeconds?: number) => {
    const { exp, iat } = decodeJwt(await authority.issue({ principalId: "me", audience: ARM, ...(ttlSeconds && { ttlSeconds }) }));
    return exp! - iat!;
  };
  expect(await lifetime()).toBe(3600);
  expect(await lifetime(60)).toBe(60);
});

test("an audience is the same with and without its last slash", async () => {
  const authority = await openTokenAuthority(folder, tenant);
  const token = await authority.issue({ principalId: "me", audience: "https://management.azure.com" });
  await expect(authority.verify(token, ARM)).resolves.toMatchObject({ principalId: "me" });
});

test("a token for another audience, an expired one and a foreign one are told apart", async () => {
  const authority = await openTokenAuthority(folder, tenant);
  const foreign = await openTokenAuthority(join(folder, "other"), tenant);
  expect(await reasonOf(authority.verify(await authority.issue({ principalId: "me", audience: "https://other/" }), ARM))).toBe("audience");
  expect(await reasonOf(authority.verify(await authority.issue({ principalId: "me", audience: ARM, ttlSeconds: -10 }), ARM))).toBe("expired");
  expect(await reasonOf(authority.verify(await foreign.issue({ principalId: "me", audience: ARM }), ARM))).toBe("invalid");
  expect(await reasonOf(authority.verify("nonsense", ARM))).toBe("invalid");
});

test("an unsigned token is not accepted", async () => {
  const authority = await openTokenAuthority(folder, tenant);
  const [, payload] = (await authority.issue({ principalId: "me", audience: ARM })).split(".");
  const header = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  expect(await reasonOf(authority.verify(`${header}.${payload}.`, ARM))).toBe("invalid");
});

test("tokens outlive a restart, because the key is kept, for its owner only", async () => {
  const token = await (await openTokenAuthority(folder, tenant)).issue({ principalId: "me", audience: ARM });
  const restarted = await openTokenAuthority(folder, tenant);
  await expect(restarted.verify(token, ARM)).resolves.toMatchObject({ principalId: "me" });
  const [file] = readdirSync(folder);
  expect(statSync(join(folder, file!)).mode & 0o777).toBe(0o600);
});

test("a broken key is named, with a remedy", async () => {
  await openTokenAuthority(folder, tenant);
  const file = join(folder, readdirSync(folder)[0]!);
  writeFileSync(file, "{");
  await expect(openTokenAuthority(folder, tenant)).rejects.toThrow(new RegExp(`${file} cannot be read.*Remove the file`));
});

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configuredLogins } from "../../../builders/docker/docker-config.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "toolwharf-docker-config-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Helpers are looked for in the test's folder as well. */
const logins = () => configuredLogins({ ...process.env, DOCKER_CONFIG: folder, PATH: `${folder}:${process.env["PATH"]}` });

function configure(config: unknown): void {
  writeFileSync(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
}

const auth = Buffer.from("me:a:b").toString("base64");

test.each([
  ["the file itself", { auths: { "reg.example": { auth } } }, "reg.example", { username: "me", password: "a:b" }],
  ["a URL in the file", { auths: { "https://reg.example": { auth } } }, "reg.example", { username: "me", password: "a:b" }],
  ["Docker Hub, as BuildKit calls it", { auths: { "https://index.docker.io/v1/": { auth } } }, "registry-1.docker.io", { username: "me", password: "a:b" }],
  ["another registry's entry", { auths: { "reg.example": { auth } } }, "other.example", undefined],
  ["an entry without a login", { auths: { "reg.example": {} } }, "reg.example", undefined],
  ["a helper that is not installed", { credsStore: "not-installed" }, "reg.example", undefined],
  ["a broken file", "{", "reg.example", undefined],
])("%s", async (_name, config, host, login) => {
  configure(config);
  expect(await logins()(host)).toEqual(login);
});

test("no file is no login", async () => {
  expect(await logins()("reg.example")).toBeUndefined();
});

test.each([
  ["a password", "me", { username: "me", password: "for reg.example" }],
  ["an identity token", "<token>", { username: "", password: "for reg.example" }],
])("a helper that knows %s", async (_name, username, login) => {
  const helper = join(folder, "docker-credential-test");
  writeFileSync(helper, `#!/bin/sh\nprintf '{"Username":"${username}","Secret":"for %s"}' "$(cat)"\n`);
  chmodSync(helper, 0o755);
  configure({ credHelpers: { "reg.example": "test" } });
  expect(await logins()("reg.example")).toEqual(login);
  expect(await logins()("other.example")).toBeUndefined();
});

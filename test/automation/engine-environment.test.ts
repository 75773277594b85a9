import { dirname } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { azureEnvironment, miniatureEnvironment, miniatureVariables, pointsAtMiniature } from "../../automation/engine-environment.ts";
import type { Project } from "../../automation/project.ts";
import type { Connection } from "../../local/connection.ts";

const PROJECT = { state: "/p q/.toolwharf/state", cache: "/p q/.toolwharf/cache" } as Project;
const CONNECTION = { providers: { "azure-native": 1, docker: 2, random: 3 } } as Connection;
const SHELL = { PATH: "/usr/bin:/bin", HOME: "/nowhere", PULUMI_HOME: "/nowhere/.pulumi" };

describe("the engine's environment", () => {
  test("on the miniature: its providers, its state, no downloads", () => {
    expect(miniatureVariables(PROJECT, CONNECTION, SHELL)).toEqual({
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      PULUMI_BACKEND_URL: "file:///p%20q/.toolwharf/state?metadata=skip",
      PULUMI_CONFIG_PASSPHRASE: "toolwharf-miniature",
      PULUMI_DEBUG_PROVIDERS: "azure-native:1,docker:2,random:3",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
      NODE_COMPILE_CACHE: "/p q/.toolwharf/cache/compile",
    });
  });

  test("settings of the shell that would lead elsewhere are dropped, all others stay", () => {
    const env = miniatureEnvironment(PROJECT, CONNECTION, { ...SHELL, PULUMI_BACKEND_URL: "s3://x", PULUMI_CONFIG_PASSPHRASE_FILE: "/x", PULUMI_STACK: "dev", LANG: "C" });
    expect(env).toMatchObject({ PULUMI_BACKEND_URL: "file:///p%20q/.toolwharf/state?metadata=skip", LANG: "C", HOME: "/nowhere" });
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(["PULUMI_CONFIG_PASSPHRASE_FILE"]));
    expect(env.PULUMI_STACK).toBeUndefined();
  });

  test("on Azure: the user's own backend and login", () => {
    const env = azureEnvironment(PROJECT, { ...SHELL, PULUMI_BACKEND_URL: "azblob://state", ARM_CLIENT_ID: "me" });
    expect(env).toMatchObject({ PULUMI_BACKEND_URL: "azblob://state", ARM_CLIENT_ID: "me" });
    expect(env.PULUMI_DEBUG_PROVIDERS).toBeUndefined();
    expect(env.PULUMI_CONFIG_PASSPHRASE).toBeUndefined();
  });

  test("a shell that was given the miniature's environment is recognized", () => {
    expect(pointsAtMiniature(miniatureVariables(PROJECT, CONNECTION, SHELL))).toBe(true);
    expect(pointsAtMiniature(SHELL)).toBe(false);
  });
});

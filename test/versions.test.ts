import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { DEFAULT_NODE, DEFAULT_PYTHON, NODE_IMAGES, PYTHON_IMAGES } from "../recipes/base-images.ts";
import { HOST_VERSION } from "../scripts/language-host/version.js";
import { BASE_IMAGES as REPLACEABLE } from "../scripts/setup/base-images/names.js";
import { PULUMI_VERSION } from "../scripts/setup/versions.js";
import { CHECKOUT } from "./support/scratch-project.ts";

const read = (file: string) => readFileSync(join(CHECKOUT, file), "utf8");
const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };

/** The set-up runs before any package is there, so it cannot read these from one place. */
describe("versions that are written down twice agree", () => {
  test("the SDK, the CLI that the set-up installs, and the language host", () => {
    expect([PULUMI_VERSION, HOST_VERSION]).toEqual([dependencies["@pulumi/pulumi"], dependencies["@pulumi/pulumi"]]);
  });

  test.each(["azure-native", "docker", "random"])("the miniature's provider %s is of its SDK's version", (name) => {
    expect(read(`local/providers/${name}/provider.ts`)).toContain(`const VERSION = "${dependencies[`@pulumi/${name}`]}";`);
  });

  test("the base images that tools get by default have one that takes its place", () => {
    expect(REPLACEABLE.map(({ official }) => official).sort()).toEqual([PYTHON_IMAGES[DEFAULT_PYTHON], NODE_IMAGES[DEFAULT_NODE]].sort());
  });
});

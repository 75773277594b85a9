import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { NOT_EMULATED as APPS } from "../../../local/arm/container-apps/not-emulated.ts";
import { NOT_EMULATED_PAGE } from "../../../local/arm/errors.ts";
import { notEmulatedIn, UNDECIDED } from "../../../local/arm/not-emulated.ts";
import { resourceTypes } from "../../../local/providers/azure-native/resource-types/index.ts";

const pathsIn = (body: Record<string, unknown>) => notEmulatedIn(body, APPS).map(({ path }) => path);

describe("a value that only the deployment knows", () => {
  const identity = { type: "UserAssigned", userAssignedIdentities: { "/id": {} } };

  test.each([
    ["alone", { properties: { configuration: { dapr: UNDECIDED, ingress: { transport: UNDECIDED } }, template: { containers: UNDECIDED } } }],
    ["in an object of such values", { properties: { configuration: { dapr: { appId: UNDECIDED } } } }],
    ["among the settings of an identity", { identity, properties: { configuration: { identitySettings: [{ identity: UNDECIDED, lifecycle: "None" }] } } }],
  ])("%s asks for nothing yet", (_where, body) => {
    expect(pathsIn(body)).toEqual([]);
  });

  test("beside a known one does not hide it", () => {
    expect(pathsIn({ properties: { configuration: { dapr: { enabled: true, appId: UNDECIDED } } } })).toEqual(["properties.configuration.dapr"]);
  });
});

test("each item of a list is named by its number", () => {
  const containers = [{}, { imageType: "CloudBuild" }];
  expect(pathsIn({ properties: { template: { containers } } })).toEqual(["properties.template.containers", "properties.template.containers[1].imageType"]);
});

describe("the page that refusals link to", () => {
  const [file, anchor] = NOT_EMULATED_PAGE.split("#") as [string, string];
  const page = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
  const sections = new Map(page.split(/^## /m).slice(1).map((text) => [text.split("\n")[0]!.toLowerCase().replaceAll(" ", "-"), text]));

  test("has the section", () => {
    expect([...sections.keys()]).toContain(anchor);
  });

  test.each(resourceTypes.filter(({ notEmulated }) => notEmulated.length > 0))("lists what $token lacks, and no more", ({ token, notEmulated }) => {
    const row = sections.get(anchor)!.split("\n").find((line) => line.startsWith(`| \`${token.split(":").at(-1)}\` |`)) ?? "";
    const listed = row.split("|")[2]!.replaceAll(/ \([^)]*\)/g, "").trim().split(", ");
    expect(listed).toEqual(notEmulated.map(({ path }) => `\`${path.replace(/^properties\./, "")}\``));
  });
});

import { describe, expect, test } from "@jest/globals";
import { manifestSettings, mergeSettings } from "../../components/manifest-settings.ts";
import { TOOL_DEFAULTS } from "../../components/tool-settings.ts";
import { RecipeError } from "../../recipes/errors.ts";
import { readManifest } from "../../recipes/manifest/read-manifest.ts";

const manifest = (text: string) => readManifest("tool.yaml", Buffer.from(text));
const common = { ...TOOL_DEFAULTS, maxReplicas: 3, access: "internal" as const };

describe("a tool's settings", () => {
  test("are those for all tools, over them its manifest, over them its own", () => {
    const said = manifest("resources: { cpu: 1 }\nstartupSeconds: 60\nscale: { concurrentRequests: 5 }\naccess: public\n");
    expect(mergeSettings(common, said, { startupSeconds: 90 })).toEqual({
      ...TOOL_DEFAULTS,
      maxReplicas: 3,
      cpu: 1,
      memory: "2Gi",
      concurrentRequests: 5,
      access: "public",
      startupSeconds: 90,
    });
  });

  test("of a manifest that says nothing are the others", () => {
    expect(manifestSettings(manifest("name: weather").fields)).toEqual({});
    expect(mergeSettings(common, manifest(""), {})).toEqual(common);
  });

  test.each([
    ["scale: { minReplicas: 5 }", {}, { minReplicas: 5, maxReplicas: 5 }],
    ["scale: { maxReplicas: 2 }", {}, { minReplicas: 0, maxReplicas: 2 }],
    ["scale: { minReplicas: 5 }", { maxReplicas: 9 }, { minReplicas: 5, maxReplicas: 9 }],
  ])("%s with %j of its own: %j", (text, own, expected) => {
    expect(mergeSettings(common, manifest(text), own)).toMatchObject(expected);
  });

  test.each([
    ["scale: { minReplicas: 5 }", { maxReplicas: 2 }, /^tool\.yaml:1:8: scale and toolSettings give minReplicas 5 and maxReplicas 2/],
    ["access: ip-list\nallowedIps: [10.0.0.1]", { allowedIps: [] }, /^tool\.yaml:1:9: access and toolSettings give access ip-list and no allowedIps/],
  ])("%s with %j of its own is refused", (text, own, problem) => {
    const merge = () => mergeSettings(common, manifest(text), own);
    expect(merge).toThrow(RecipeError);
    expect(merge).toThrow(problem);
  });
});

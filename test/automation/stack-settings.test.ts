import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { openProject, type Project } from "../../automation/project.ts";
import { mergeSettings, renewSettings, type MachineSettings } from "../../automation/stack-settings.ts";

const MACHINE: MachineSettings = { armEndpoint: "https://localhost:8444", trustedCaFile: "/ca.pem", ingressPort: 8443, baseImages: {} };
const ADDRESSES = { "toolwharf:armEndpoint": "https://localhost:8444", "toolwharf:trustedCaFile": "/ca.pem", "toolwharf:ingressPort": 8443 };

describe("merging settings", () => {
  test("the first time: the template, with the machine's addresses", () => {
    expect(mergeSettings({ "toolwharf:cpu": "0.5" }, undefined, undefined, MACHINE)).toEqual({ "toolwharf:cpu": "0.5", ...ADDRESSES });
  });

  test("later the template's changes come in and its removed keys go, while what was set by hand stays", () => {
    const base = { "toolwharf:cpu": "0.25", "toolwharf:memory": "0.5Gi", "toolwharf:maxReplicas": 10 };
    const live = { ...base, "toolwharf:maxReplicas": 3, "toolwharf:minReplicas": 1 };
    expect(mergeSettings({ "toolwharf:cpu": "0.5", "toolwharf:maxReplicas": 10 }, base, live, MACHINE)).toEqual({
      "toolwharf:cpu": "0.5",
      "toolwharf:maxReplicas": 3,
      "toolwharf:minReplicas": 1,
      ...ADDRESSES,
    });
  });

  test("a key that was set by hand and then changed in the template has the template's value", () => {
    expect(mergeSettings({ a: 2 }, { a: 1 }, { a: 5 }, MACHINE)).toMatchObject({ a: 2 });
  });

  test("a company's mirror in the template goes before the machine's own base images", () => {
    const machine = { ...MACHINE, baseImages: { python: "here/python", node: "here/node" } };
    expect(mergeSettings({ "toolwharf:baseImages": { node: "mirror/node" } }, undefined, undefined, machine)["toolwharf:baseImages"]).toEqual({
      python: "here/python",
      node: "mirror/node",
    });
  });

  test("machine's base images that are no longer replaced are gone", () => {
    expect(mergeSettings({}, {}, { "toolwharf:baseImages": { python: "here/python" } }, MACHINE)).not.toHaveProperty("toolwharf:baseImages");
  });
});

describe("the live settings file", () => {
  let project: Project;
  const template = (stack: string, config: unknown) => writeFileSync(join(project.folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  const read = (file: string) => parse(readFileSync(file, "utf8")) as { encryptionsalt: string; config: Record<string, unknown> };

  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), "toolwharf-settings-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: wharf\n");
    project = openProject(folder);
  });
  afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

  test("is made from the committed one, with the stack's salt, and nothing is written into the project", async () => {
    template("local", { "toolwharf:cpu": "0.5" });
    const file = await renewSettings(project, "local", MACHINE, () => "v1:salt");
    expect(read(file)).toEqual({ encryptionsalt: "v1:salt", config: { "toolwharf:cpu": "0.5", ...ADDRESSES } });
    expect(readdirSync(project.folder).sort()).toEqual([".toolwharf", "Pulumi.local.yaml", "Pulumi.yaml"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("is left untouched when neither the template nor the machine changed", async () => {
    template("local", { "toolwharf:cpu": "0.5" });
    const file = await renewSettings(project, "local", MACHINE, () => "v1:salt");
    utimesSync(file, 1, 1);
    await renewSettings(project, "local", MACHINE, () => "v1:salt");
    expect(statSync(file).mtimeMs).toBe(1000);
    await renewSettings(project, "local", { ...MACHINE, ingressPort: 443 }, () => "v1:salt");
    expect(read(file).config["toolwharf:ingressPort"]).toBe(443);
  });

  test("follows the template and keeps a hand-set key", async () => {
    template("local", { "toolwharf:cpu": "0.5" });
    const file = await renewSettings(project, "local", MACHINE, () => "v1:salt");
    writeFileSync(file, stringify({ encryptionsalt: "v1:salt", config: { ...read(file).config, "toolwharf:minReplicas": 1 } }));
    template("local", { "toolwharf:cpu": "1.0" });
    await renewSettings(project, "local", MACHINE, () => "v1:salt");
    expect(read(file).config).toMatchObject({ "toolwharf:cpu": "1.0", "toolwharf:minReplicas": 1 });
  });

  test("is not made from encrypted values, and stays as it is", async () => {
    template("local", { "toolwharf:cpu": "0.5" });
    const file = await renewSettings(project, "local", MACHINE, () => "v1:salt");
    template("local", { "toolwharf:cpu": "1.0", "toolwharf:toolSecrets": { weather: { KEY: { secure: "v1:x" } } } });
    await expect(renewSettings(project, "local", MACHINE, () => "v1:salt")).rejects.toMatchObject({ code: "SETTINGS_ENCRYPTED", value: "toolwharf:toolSecrets" });
    expect(read(file).config["toolwharf:cpu"]).toBe("0.5");
  });

  test("a tool's stack takes its platform's settings, but not which tools the platform deploys", async () => {
    template("local", { "toolwharf:cpu": "0.5", "toolwharf:tools": ["node-echo"] });
    const file = await renewSettings(project, "local.flask-echo", MACHINE, () => "v1:salt");
    expect(read(file).config).toEqual({ "toolwharf:cpu": "0.5", ...ADDRESSES });
  });

  test("a tool's stack with a template of its own takes that one", async () => {
    template("local", { "toolwharf:cpu": "0.5" });
    template("local.flask-echo", { "toolwharf:cpu": "2.0" });
    expect(read(await renewSettings(project, "local.flask-echo", MACHINE, () => "s")).config["toolwharf:cpu"]).toBe("2.0");
  });
});

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask } from "../support/https-client.ts";
import { leftovers } from "../support/leftovers.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";
import { askSteadily } from "../support/steady-client.ts";

const TOOLS = ["fastapi-echo", "flask-echo", "node-echo"];

describe("three tool folders become three endpoints", () => {
  const project = new ScratchProject(TOOLS);
  let first: Outputs;

  beforeAll(async () => {
    const up = await project.up();
    if (up.code !== 0) throw new Error(up.output);
    first = await project.outputs();
  });
  afterAll(async () => {
    await project.dispose();
    expect(await leftovers(project)).toEqual([]);
  });

  test("every tool has an endpoint, by name and in the table of tools", () => {
    expect(Object.keys(first.tools).sort()).toEqual(TOOLS);
    for (const [name, tool] of Object.entries(first.tools)) {
      expect(first[`${name}Fqdn`]).toBe(tool.fqdn);
      expect(tool.fqdn).toMatch(new RegExp(`^${name}\\.[a-z]+-[0-9a-f]{8}\\.[a-z0-9]+\\.azurecontainerapps\\.localhost$`));
      expect(tool.image).toMatch(new RegExp(`^localhost:\\d+/tools/${name}@sha256:[0-9a-f]{64}$`));
      expect(tool.revision).toMatch(new RegExp(`^${name}--[a-z0-9]+$`));
    }
  });

  test.each(TOOLS)("%s answers 200 over HTTPS with a certificate of the printed authority", async (name) => {
    const { url } = first.tools[name]!;
    const { caFile } = project.connection();
    await expect(ask(`${url}/health`, caFile)).resolves.toMatchObject({ status: 200 });
    await expect(ask(`${url}/`, caFile)).resolves.toMatchObject({ status: 200 });
    const echoed = await ask(`${url}/echo?message=hello`, caFile);
    expect(echoed).toMatchObject({ status: 200, body: expect.stringContaining("hello") });
  });

  test("a certificate that the authority did not sign is refused", async () => {
    const { url } = first.tools["flask-echo"]!;
    await expect(ask(url, "/etc/ssl/certs/ca-certificates.crt")).rejects.toThrow(/self-signed|unable to verify|local issuer/);
  });

  test("toolwharf outputs --json says what pulumi stack output --json says", async () => {
    const environment = Object.fromEntries(
      (await project.must(["local", "env"])).stdout
        .split("\n")
        .flatMap((line) => /^export (\w+)='?(.*?)'?$/.exec(line)?.slice(1, 3) ? [/^export (\w+)='?(.*?)'?$/.exec(line)!.slice(1, 3)] : []),
    ) as Record<string, string>;
    const printed = execFileSync("pulumi", ["stack", "output", "--json", "--stack", "local"], {
      cwd: project.folder,
      env: { ...process.env, ...environment },
      encoding: "utf8",
    });
    expect(await project.outputs()).toEqual(JSON.parse(printed));
  });

  test("an unchanged stack is left as it is: no build, no push, no new revision", async () => {
    const up = await project.up();
    expect(up).toMatchObject({ code: 0, output: expect.stringMatching(/\d+ unchanged/) });
    expect(up.output).not.toMatch(/\d+ (created|updated|replaced|deleted)|Starting Docker build|Pushing Image/);
    expect(await project.outputs()).toEqual(first);
  });

  test("a second clone under another umask finds nothing to do", async () => {
    const clone = mkdtempSync(join(tmpdir(), "toolwharf-test-clone-"));
    const previous = process.umask(0o077);
    try {
      for (const entry of ["Pulumi.yaml", "Pulumi.local.yaml", "package.json", "tools"])
        execFileSync("cp", ["-r", "--no-preserve=mode,timestamps", join(project.folder, entry), clone]);
      for (const entry of ["index.ts", "azure", "builders", "components", "recipes", "node_modules"]) cpSync(join(project.folder, entry), join(clone, entry), { recursive: true, verbatimSymlinks: true });
      symlinkSync(join(project.folder, ".toolwharf"), join(clone, ".toolwharf"));
      // What the first clone staged would hide what this one's files are like.
      rmSync(join(clone, ".toolwharf", "contexts"), { recursive: true });
      const up = await project.run(["up", "--yes"], { cwd: clone });
      expect(up).toMatchObject({ code: 0, output: expect.stringMatching(/\d+ unchanged/) });
      expect(up.output).not.toMatch(/\d+ (created|updated|replaced|deleted)|Starting Docker build|Pushing Image/);
    } finally {
      process.umask(previous);
      rmSync(clone, { recursive: true, force: true });
    }
  });

  test("a one-line change makes one image and one revision, and loses no request", async () => {
    const { url } = first.tools["flask-echo"]!;
    const client = askSteadily(`${url}/`, project.connection().caFile, 20);
    project.edit("tools/flask-echo/app.py", "flask-echo", "flask-echo, mended");
    const up = await project.up();
    const { asked, failures, bodies } = await client.stop();

    expect(up).toMatchObject({ code: 0, output: expect.stringContaining("2 updated") });
    expect(failures).toEqual([]);
    expect(asked).toBeGreaterThan(40);
    expect([...bodies].some((body) => body.includes("flask-echo, mended"))).toBe(true);

    const second = await project.outputs();
    expect(second.tools["flask-echo"]!.image).not.toBe(first.tools["flask-echo"]!.image);
    expect(second.tools["flask-echo"]!.revision).not.toBe(first.tools["flask-echo"]!.revision);
    for (const other of ["fastapi-echo", "node-echo"]) expect(second.tools[other]).toEqual(first.tools[other]);
  });
});

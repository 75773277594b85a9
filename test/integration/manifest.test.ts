import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask } from "../support/https-client.ts";
import { leftovers } from "../support/leftovers.ts";
import { registryToken } from "../support/registry-token.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";

/** What it was given comes back, but for what is secret: of that only the length. */
const SERVER = `
const { createServer } = require("node:http");
const { LEVEL, API_KEY = "" } = process.env;
createServer((request, response) => {
  response.statusCode = request.url === "/ready" || request.url === "/" ? 200 : 404;
  response.end(JSON.stringify({ level: LEVEL, key: API_KEY.length, arguments: process.argv.slice(2) }));
}).listen(3000);
process.on("SIGTERM", () => process.exit(0));
`;

describe("a folder with a Dockerfile in scripts/ and a manifest with a component", () => {
  const project = new ScratchProject([]);
  let outputs: Outputs;

  beforeAll(async () => {
    project.write("tools/invoices/src/server.js", SERVER);
    project.write("tools/invoices/scripts/Dockerfile", "ARG BASE\nFROM ${BASE} AS final\nWORKDIR /srv\nCOPY server.js ./\nEXPOSE 3000\nUSER 10001\nCMD [\"node\", \"server.js\"]\nFROM scratch AS unwanted\n");
    project.write(
      "tools/invoices/tool.yaml",
      `component: billing\nhealthPath: /ready\nenvironment: { LEVEL: debug }\nsecrets: [API_KEY]\nbuild:\n  dockerfile: scripts/Dockerfile\n  context: src\n  target: final\n  tags: [stable]\n  args: { BASE: "${project.baseImage("node:24-bookworm-slim")}" }\n`,
    );
  });
  afterAll(async () => {
    await project.dispose();
    expect(await leftovers(project)).toEqual([]);
  });

  test("is refused while a secret that it names has no value", async () => {
    const up = await project.up();
    expect(up.code).toBe(1);
    expect(up.output).toContain("SECRET_MISSING: invoices: its manifest names secrets that have no value");
    expect(up.output).toContain("pulumi config set --secret --path 'toolwharf:toolSecrets.invoices.API_KEY'");
  });

  test("deploys as is: port of EXPOSE, its group's names, its environment, its secret", async () => {
    await project.setSecret("toolwharf:toolSecrets.invoices.API_KEY", "twelve chars");
    const up = await project.up();
    if (up.code !== 0) throw new Error(up.output);
    outputs = await project.outputs();
    const { image, fqdn, url } = outputs.tools.invoices!;
    expect(image).toMatch(/^localhost:\d+\/billing\/invoices@sha256:/);
    expect(fqdn).toMatch(/^billing-invoices-[0-9a-f]{8}\./);
    const answer = await ask(`${url}/`, project.connection().caFile);
    expect(JSON.parse(answer.body)).toEqual({ level: "debug", key: 12, arguments: [] });
    expect(up.output).not.toContain("twelve chars");
  });

  test("what is set for the tool with the stack comes before its manifest, and settings are no other image", async () => {
    project.edit("tools/invoices/tool.yaml", "healthPath: /ready\n", 'healthPath: /nowhere\ncommand: [node, server.js, --fast]\n');
    project.configure({ "toolwharf:toolSettings": { invoices: { healthPath: "/ready" } }, "toolwharf:refs": { branch: "feature/vat", commit: "0123456789abcdef" } });
    const { url: before, image } = outputs.tools.invoices!;
    await project.must(["up", "--yes"]);
    outputs = await project.outputs();
    expect(outputs.tools.invoices).toMatchObject({ url: before, image });
    expect(JSON.parse((await ask(`${before}/`, project.connection().caFile)).body)).toMatchObject({ arguments: ["--fast"] });
  });

  test("the image has the tags of the manifest and of where its code comes from", async () => {
    const { image } = outputs.tools.invoices!;
    const [server, repository] = [image.slice(0, image.indexOf("/")), image.slice(image.indexOf("/") + 1, image.indexOf("@"))];
    const headers = { authorization: `Bearer ${await registryToken(project, image)}` };
    const listed = await ask(`https://${server}/v2/${repository}/tags/list`, project.connection().caFile, { headers });
    const { tags } = JSON.parse(listed.body) as { tags: string[] };
    expect(tags.filter((tag) => !/^[0-9a-f]{24}$/.test(tag)).sort()).toEqual(["dev-feature-vat", "sha-0123456789ab", "stable"]);
    const manifest = await ask(`https://${server}/v2/${repository}/manifests/stable`, project.connection().caFile, { headers: { ...headers, accept: "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json" } });
    expect(manifest.headers["docker-content-digest"]).toBe(image.split("@")[1]);
  });
});

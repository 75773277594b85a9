import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import { openCertificates } from "../../../local/certificates.ts";
import { createEnvironmentHost } from "../../../local/environments/environment-host.ts";
import { serveIngress } from "../../../local/ingress/ingress.ts";
import { InsideClient } from "../support/inside-client.ts";
import { RunningHosts } from "../support/running-hosts.ts";

jest.setTimeout(60_000);

const hosts = new RunningHosts();
const neighbour = new InsideClient(hosts);
const stranger = new InsideClient(hosts);
const OTHER: ArmDocument = { id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.App/managedEnvironments/other", name: "other", type: "Microsoft.App/managedEnvironments", location: "westeurope", properties: {} };
const gateway = () => hosts.docker.getContainer(`toolwharf-${hosts.layout.instance}-env-gateway`);

const inner = hosts.document;
const internal = (ingress = {}) => inner.call(hosts, "inner", { SAYS: "from within" }, { ingress: { external: false, ...ingress } });
let revision: string;
/** The names by which the environment's clients reach an app with internal ingress. */
const url = (name: string, scheme = "https") => `${scheme}://${name}.internal.${hosts.domain}/`;

beforeAll(async () => {
  await hosts.start();
  await hosts.pushImage();
  await hosts.environments.start(OTHER);
  await Promise.all([neighbour.start(internal().properties.environmentId as string), stranger.start(OTHER.id)]);
  revision = await hosts.ready(internal({ allowInsecure: true }));
  await hosts.ready(hosts.document("outer", { SAYS: "for all" }));
}, 120_000);
afterAll(() => hosts.dispose(), 60_000);

describe("an app with internal ingress, asked from inside its environment", () => {
  test("answers by its bare name, and over HTTPS by its full one, with a certificate of the authority in the container", async () => {
    expect(await neighbour.ask("http://inner/")).toMatchObject({ status: 200, body: "from within" });
    expect(await neighbour.ask(url("inner", "http"))).toMatchObject({ status: 200, body: "from within" });
    expect(await neighbour.ask(url("inner"))).toMatchObject({ status: 200, body: "from within" });
  });

  test("answers by a revision's full name, and by none that it does not have", async () => {
    expect(await neighbour.ask(url(revision))).toMatchObject({ status: 200, body: "from within" });
    expect(await neighbour.ask(`https://inner.${hosts.domain}/`)).toMatchObject({ status: 404 });
    expect(await neighbour.ask(url("nobody"))).toMatchObject({ status: 404 });
    expect(await neighbour.ask("http://nobody/")).toEqual({ error: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
  });

  test("redirects HTTP to its full name unless insecure requests are allowed", async () => {
    await hosts.apps.apply(internal({ allowInsecure: false }));
    try {
      expect(await neighbour.ask("http://inner/a?b=c")).toMatchObject({ status: 301, headers: { location: `${url("inner")}a?b=c` } });
    } finally {
      await hosts.apps.apply(internal({ allowInsecure: true }));
    }
  });

  test("is kept from the addresses that its rules name, as from outside", async () => {
    const rules = (action: string) => [{ name: "r", ipAddressRange: `${neighbour.address}/32`, action }];
    await hosts.apps.apply(internal({ allowInsecure: true, ipSecurityRestrictions: rules("Deny") }));
    expect(await neighbour.ask("http://inner/")).toMatchObject({ status: 403 });
    await hosts.apps.apply(internal({ allowInsecure: true, ipSecurityRestrictions: rules("Allow") }));
    expect(await neighbour.ask("http://inner/")).toMatchObject({ status: 200 });
    expect(await neighbour.ask(url("inner"))).toMatchObject({ status: 200 });
  });

  test("is woken from zero", async () => {
    const asleep = hosts.document("sleeper", { SAYS: "awake" }, { ingress: { external: false, allowInsecure: true }, template: { scale: { minReplicas: 0, maxReplicas: 1, cooldownPeriod: 1, pollingInterval: 1 } } });
    await hosts.ready(asleep);
    await hosts.until(() => hosts.state(asleep).replicas === 0, 25_000);
    expect(await neighbour.ask("http://sleeper/")).toMatchObject({ status: 200, body: "awake" });
  });
});

describe("an app with external ingress, asked from inside", () => {
  test("answers by both full names", async () => {
    expect(await neighbour.ask(`https://outer.${hosts.domain}/`)).toMatchObject({ status: 200, body: "for all" });
    expect(await neighbour.ask(url("outer"))).toMatchObject({ status: 200, body: "for all" });
    expect(await neighbour.ask("http://outer/")).toMatchObject({ status: 301, headers: { location: `https://outer.${hosts.domain}/` } });
  });

  test("answers another environment too, by its own full name only", async () => {
    expect(await stranger.ask(`https://outer.${hosts.domain}/`)).toMatchObject({ status: 200, body: "for all" });
    expect(await stranger.ask(url("outer"))).toMatchObject({ status: 404 });
  });
});

describe("an app with internal ingress is not there", () => {
  test("for another environment", async () => {
    expect(await stranger.ask("http://inner/")).toEqual({ error: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
    expect(await stranger.ask(url("inner"))).toMatchObject({ status: 404 });
    const { nameServer } = await hosts.environments.membershipOf(internal().properties.environmentId as string);
    const connecting = `require("net").connect(80, process.argv[1], () => { console.log("connected"); process.exit(); }).on("error", ({ code }) => console.log(code)).setTimeout(1000, () => { console.log("no answer"); process.exit(); })`;
    expect(await neighbour.run(connecting, nameServer)).toBe("connected\n");
    expect(await stranger.run(connecting, nameServer)).not.toBe("connected\n");
    expect(await stranger.ask(`https://outer.${hosts.domain}/`, { headers: { host: "inner" }, servername: `outer.${hosts.domain}` })).toMatchObject({ status: 404 });
  });

  test("from outside, whatever name is used", async () => {
    expect(await hosts.ask("inner.internal")).toMatchObject({ status: 404 });
    expect(await hosts.ask("inner")).toMatchObject({ status: 404 });
    expect(await hosts.ask(`${revision}.internal`)).toMatchObject({ status: 404 });
  });
});

test("a container finds no metadata of this machine's cloud", async () => {
  expect(await neighbour.ask("http://169.254.169.254/", { headers: { host: "169.254.169.254" } })).toMatchObject({ status: 404, body: expect.stringContaining("Azure Container App - Unavailable") });
  const routes = await neighbour.run(`console.log(require("fs").readFileSync("/proc/net/route", "utf8"))`);
  expect(routes).toMatch(/^eth0\t0000FEA9\t00000000\t/m);
});

describe("a gateway", () => {
  const KEYS = "require('dns').promises";

  test("has no address of the sixth version for a name, and no other record", async () => {
    const script = `const d = ${KEYS}; const none = (p) => p.then(String, (e) => e.code); Promise.all([d.resolve4("inner"), none(d.resolve6("inner")), none(d.resolveMx("inner"))]).then((all) => console.log(JSON.stringify(all)))`;
    const { nameServer } = await hosts.environments.membershipOf(OTHER.id.replace(/other$/, "env"));
    expect(JSON.parse(await neighbour.run(script))).toEqual([[nameServer], "ENODATA", "ENODATA"]);
  });

  test("leaves other names to the engine's resolver, over UDP and TCP", async () => {
    // The engine itself knows the names of containers in the network, so no other machine is needed.
    const name = `toolwharf-${hosts.layout.instance}-client-env`;
    const script = `
      const { nameServer, name } = JSON.parse(process.argv[1]);
      const question = Buffer.concat([Buffer.from([1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, name.length]), Buffer.from(name), Buffer.from([0, 0, 1, 0, 1])]);
      const print = (bytes) => console.log(bytes.length - question.length > 8 && [...bytes.subarray(-4)].join("."));
      const udp = require("dgram").createSocket("udp4").on("message", (answer) => { print(answer); udp.close(); });
      udp.send(question, 53, nameServer);
      const tcp = require("net").connect(53, nameServer, () => tcp.write(Buffer.concat([Buffer.from([0, question.length]), question]))).on("data", (answer) => { print(answer.subarray(2)); tcp.destroy(); });
    `;
    const { nameServer } = await hosts.environments.membershipOf(OTHER.id.replace(/other$/, "env"));
    expect(await neighbour.run(script, JSON.stringify({ nameServer, name }))).toBe(`${neighbour.address}\n${neighbour.address}\n`);
  });

  test("that was killed comes back", async () => {
    await gateway().kill();
    await hosts.until(async () => (await neighbour.ask("http://inner/")).status === 200);
  });

  test("finds the next daemon, after one that left its sockets behind", async () => {
    await Promise.all([hosts.environments.close(), hosts.ingress.close()]);
    expect(await neighbour.ask("http://inner/")).toEqual({ error: expect.any(String) });
    const { layout, store, docker, caFile } = hosts;
    hosts.environments = createEnvironmentHost({ instance: layout.instance, store, docker, socketsFolder: layout.gateways, authorityFile: caFile });
    hosts.ingress = await serveIngress({ certificates: await openCertificates(layout.certificates), port: 0, httpPort: 0, apps: { routeOf: ({ host, environmentId }) => hosts.apps.routeOf(host, environmentId) } });
    const { Id } = await gateway().inspect();
    await hosts.environments.serve(hosts.ingress);
    expect(await neighbour.ask("http://inner/")).toMatchObject({ status: 200, body: "from within" });
    expect((await gateway().inspect()).Id).toBe(Id);
  });
});

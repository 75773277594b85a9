import type { RunningHosts } from "./running-hosts.ts";
import { dockerEngine } from "../../../local/apps/docker-engine.ts";
import { systemClock } from "../../../local/apps/clock.ts";
import { gatewayImage } from "../../../local/environments/gateway/image.ts";

export interface InsideAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Node's code of the failure, `ENOTFOUND`. */
  error?: string;
}

/** Asks a URL, follows nothing, and prints what came. Names and trust are those of the container. */
const ASK = `
  const [url, options] = [process.argv[1], JSON.parse(process.argv[2])];
  const print = (answer) => process.stdout.write(JSON.stringify(answer), () => process.exit());
  const ca = require("fs").readFileSync("/etc/ssl/certs/azure-in-miniature.pem");
  require(url.split(":")[0]).request(url, { ca, ...options }, (response) => {
    let body = "";
    response.on("data", (chunk) => (body += chunk));
    response.on("end", () => print({ status: response.statusCode, headers: response.headers, body }));
  }).on("upgrade", (response, socket, head) => {
    let body = head.toString();
    socket.on("data", (chunk) => (body += chunk)).on("end", () => print({ status: response.statusCode, body }));
    socket.end("hello");
  }).on("error", ({ code, message }) => print({ error: code || message })).end();
`;

/** A container in an environment that has what a replica has of it, with Node in it. */
export class InsideClient {
  #id = "";
  address = "";
  readonly #hosts: RunningHosts;

  constructor(hosts: RunningHosts) {
    this.#hosts = hosts;
  }

  async start(environmentId: string): Promise<void> {
    const { docker, layout, environments } = this.#hosts;
    const membership = await environments.membershipOf(environmentId);
    const name = `toolwharf-${layout.instance}-client-${environmentId.split("/").at(-1)}`;
    const engine = dockerEngine(docker, layout.instance, systemClock);
    const image = await gatewayImage(docker);
    const { id } = await engine.run({ name, image, labels: {}, env: [], command: ["/node", "-e", "setInterval(() => {}, 1e6)"], membership, ports: [], volumes: [], cpus: 1, memoryBytes: 512 * 1024 * 1024 });
    this.#id = id;
    this.address = (await docker.getContainer(id).inspect()).NetworkSettings.Networks[membership.network]!.IPAddress;
  }

  async ask(url: string, options: object = {}): Promise<InsideAnswer> {
    return JSON.parse(await this.run(ASK, url, JSON.stringify(options))) as InsideAnswer;
  }

  /** What the script writes. @throws Error with what it wrote, when that is on standard error */
  async run(script: string, ...args: string[]): Promise<string> {
    const { docker } = this.#hosts;
    const exec = await docker.getContainer(this.#id).exec({ Cmd: ["/node", "-e", script, ...args], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    const said = { out: "", error: "" };
    docker.modem.demuxStream(stream, { write: (chunk: Buffer) => (said.out += chunk) } as never, { write: (chunk: Buffer) => (said.error += chunk) } as never);
    await new Promise((resolve) => stream.once("end", resolve));
    if (said.error !== "") throw new Error(said.error);
    return said.out;
  }
}

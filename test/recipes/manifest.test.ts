import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { RecipeError } from "../../recipes/errors.ts";
import { MAX_MANIFEST_BYTES, noManifest } from "../../recipes/manifest/manifest.ts";
import type { Manifest } from "../../recipes/manifest/manifest.ts";
import { readManifest } from "../../recipes/manifest/read-manifest.ts";

const read = (text: string | Uint8Array): Manifest => readManifest("tool.yaml", typeof text === "string" ? Buffer.from(text) : text);
function refusal(text: string | Uint8Array): RecipeError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof RecipeError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("a manifest", () => {
  test("with everything", () => {
    const { fields } = read(`
name: weather
component: agents
runtime: python-fastapi
entrypoint: src/app/main.py
port: 8080
healthPath: /healthz?full=1
startupSeconds: 60
protocol: mcp
resources: { cpu: "0.5", memory: 1.0Gi }
scale: { minReplicas: 1, maxReplicas: 2, concurrentRequests: 50 }
access: ip-list
allowedIps: [203.0.113.7, 198.51.100.0/24]
environment: { LOG_LEVEL: debug, RETRIES: 3, STRICT: true }
secrets: [API_KEY]
volumes: [{ storage: data, mountPath: /data }]
build: { tags: [latest, v1.2.3] }
systemPackages: [ffmpeg, libpq5, g++]
tags: { team: weather }
ttl: 12h
`);
    expect(fields).toEqual({
      name: "weather",
      group: "agents",
      runtime: "python-fastapi",
      entrypoint: "src/app/main.py",
      port: 8080,
      healthPath: "/healthz?full=1",
      startupSeconds: 60,
      protocol: "mcp",
      size: { cpu: 0.5, memory: "1Gi" },
      minReplicas: 1,
      maxReplicas: 2,
      concurrentRequests: 50,
      access: "ip-list",
      allowedIps: ["203.0.113.7", "198.51.100.0/24"],
      environment: { LOG_LEVEL: "debug", RETRIES: "3", STRICT: "true" },
      secrets: ["API_KEY"],
      volumes: [{ storage: "data", mountPath: "/data" }],
      build: { args: {}, tags: ["latest", "v1.2.3"] },
      systemPackages: ["ffmpeg", "libpq5", "g++"],
      tags: { team: "weather" },
      ttlSeconds: 43_200,
    });
  });

  test.each(["", "# nothing yet\n", "{}", "---\n"])("that says nothing is as none: %j", (text) => {
    expect(read(text).fields).toEqual(noManifest().fields);
  });

  test.each([
    ["command: [python, -m, app]", ["python", "-m", "app"]],
    ["command: python  server.py --port 80", ["python", "server.py", "--port", "80"]],
  ])("%s is a list of arguments", (text, command) => {
    expect(read(text).fields.command).toEqual(command);
  });

  test.each([
    ["./scripts//Dockerfile", "scripts/Dockerfile"],
    ["scripts/./Dockerfile", "scripts/Dockerfile"],
  ])("the path %s is %s", (written, path) => {
    expect(read(`build: { dockerfile: ${written}, context: ./ }`).fields.build).toMatchObject({ dockerfile: path, context: "." });
  });

  test("half of a size decides the other", () => {
    expect(read("resources: { cpu: 1 }").fields.size).toEqual({ cpu: 1, memory: "2Gi" });
    expect(read("resources: { memory: 0.5Gi }").fields.size).toEqual({ cpu: 0.25, memory: "0.5Gi" });
  });

  test("with Windows line endings and a byte order mark is the same, and its lines count the same", () => {
    expect(read("\uFEFFname: weather\r\nport: 80\r\n").fields).toMatchObject({ name: "weather", port: 80 });
    expect(refusal("\uFEFF# one\r\n# two\r\nport: x\r\n").details).toMatchObject([{ line: 3, column: 7 }]);
  });
});

describe("what is not allowed is named at its place", () => {
  test.each([
    ["port: 0", 'tool.yaml:1:7: port is 0; allowed: a whole number from 1 to 65535'],
    ["port: 80.5", "tool.yaml:1:7: port is 80.5; allowed: a whole number"],
    ["\n\nname:   My Tool", 'tool.yaml:3:9: name is "My Tool"; allowed: 2 to 32'],
    ["name:", "tool.yaml:1:6: name is null; allowed: 2 to 32"],
    ["runtime: ruby", 'tool.yaml:1:10: runtime is "ruby"; allowed: python-flask, python-fastapi, python, nodejs, static, dockerfile'],
    ["Port: 80", "tool.yaml:1:1: Port is not a setting: is port meant?; known: name, group,"],
    ["zzzzzzzzz: 80", "tool.yaml:1:1: zzzzzzzzz is not a setting; known: name, group,"],
    ["build:\n  dockerFile: x", "tool.yaml:2:3: build.dockerFile is not a setting: is build.dockerfile meant?; known: dockerfile, context, target, args, platform, tags"],
    ["build: Dockerfile", 'tool.yaml:1:8: build is "Dockerfile"; allowed: an object with dockerfile,'],
    ["build: { dockerfile: ../Dockerfile }", 'tool.yaml:1:22: build.dockerfile is "../Dockerfile"; allowed: a path inside'],
    ["build: { dockerfile: a/../../b }", "tool.yaml:1:22: build.dockerfile"],
    ["build: { dockerfile: /etc/passwd }", "tool.yaml:1:22: build.dockerfile"],
    ["build: { context: 'a\\b' }", "tool.yaml:1:19: build.context"],
    ["build: { args: { A-B: 1 } }", 'tool.yaml:1:18: build.args has the name "A-B"; allowed: names of letters'],
    ["build: { args: { BUILDKIT_SYNTAX: evil/frontend } }", 'tool.yaml:1:18: build.args has the name "BUILDKIT_SYNTAX"; allowed: names of letters'],
    ["build: { tags: [0123456789abcdef01234567] }", 'tool.yaml:1:17: build.tags[0] is'],
    ["build: { args: { A: [1] } }", "tool.yaml:1:21: build.args.A is [1]; allowed: text, a number, true or false"],
    ["build: { platform: linux/arm64 }", 'tool.yaml:1:20: build.platform is "linux/arm64"; allowed: linux/amd64'],
    ["build: { target: '$(x)' }", "tool.yaml:1:18: build.target"],
    ["environment: { a b: 1 }", 'tool.yaml:1:16: environment has the name "a b"; allowed: names of letters'],
    ["environment: { PORT: 1 }", 'tool.yaml:1:22: environment.PORT is 1: this variable is the port\'s; allowed: port'],
    ["secrets: [A, B-C]", 'tool.yaml:1:14: secrets[1] is "B-C"; allowed: a name of letters'],
    ["secrets: [A]\nenvironment: { A: 1 }", 'tool.yaml:1:11: secrets[0] is "A", and environment has it too'],
    ["volumes:\n  - storage: data", "tool.yaml:2:5: volumes[0].mountPath is missing; needed: an absolute path"],
    ["volumes:\n  - { storage: data, mountPath: / }", 'tool.yaml:2:33: volumes[0].mountPath is "/"; allowed: an absolute path in the container below /'],
    ["systemPackages: ['ffmpeg; rm']", 'tool.yaml:1:18: systemPackages[0] is "ffmpeg; rm"; allowed: the name of a Debian package'],
    ["systemPackages: [--force]", "tool.yaml:1:18: systemPackages[0]"],
    ["command: python \"a b\"", 'tool.yaml:1:10: command is "python \\"a b\\""; allowed: a list with an argument an element'],
    ["command: []", "tool.yaml:1:10: command is []; allowed: a list"],
    ["command: [python, 3]", "tool.yaml:1:19: command[1] is 3; allowed: text"],
    ["entrypoint: ../main:app", "tool.yaml:1:13: entrypoint"],
    ["entrypoint: --reload", "tool.yaml:1:13: entrypoint"],
    ["command: [a]\nentrypoint: main:app", 'tool.yaml:2:13: entrypoint is "main:app", and command is set'],
    ["healthPath: health", 'tool.yaml:1:13: healthPath is "health"; allowed: a path of an HTTP request, starting with /'],
    ["resources: { cpu: 0.3 }", 'tool.yaml:1:12: resources is {"cpu":0.3}; allowed: these pairs'],
    ["scale: { minReplicas: 5, maxReplicas: 2 }", "tool.yaml:1:23: scale.minReplicas is 5; allowed: at most maxReplicas, which is 2"],
    ["access: ip-list", 'tool.yaml:1:9: access is "ip-list", and allowedIps is not set; allowed: at least one'],
    ["allowedIps: [10.0.0.256]", 'tool.yaml:1:14: allowedIps[0] is "10.0.0.256"; allowed: an IPv4 address or range'],
    ["group: a1\ncomponent: b1", 'tool.yaml:2:12: component is "b1", and group is "a1"'],
    ["runtime: python\nbuild: { dockerfile: Dockerfile }", 'tool.yaml:1:10: runtime is "python", and build.dockerfile is "Dockerfile"; allowed: dockerfile'],
    ["tags: { toolwharf-stack: x }", 'tool.yaml:1:9: tags has the name "toolwharf-stack"'],
    ["tags: { ToolWharf-Stack: x }", 'tool.yaml:1:9: tags has the name "ToolWharf-Stack"'],
    ["tags: { team: x, Team: y }", 'tool.yaml:1:24: tags.Team is "y", and "team" is the same tag to Azure, whatever the case; allowed: one of them'],
    ["ttl: forever", 'tool.yaml:1:6: ttl is "forever"; allowed: minutes, hours or days'],
    ["- name: weather", 'tool.yaml:1:1: it is [{"name":"weather"}]; allowed: an object of settings'],
    ["just text", 'tool.yaml:1:1: it is "just text"; allowed: an object of settings'],
    ["__proto__: { port: 1 }", "tool.yaml:1:1: __proto__ is not a setting"],
    ["build: { __proto__: { target: x } }", "tool.yaml:1:10: build.__proto__ is not a setting"],
    ["constructor: x", "tool.yaml:1:1: constructor is not a setting"],
  ])("%j", (text, problem) => {
    const { code, problems } = refusal(text);
    expect(code).toBe("MANIFEST_INVALID");
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]!.startsWith(problem)).toBe(true);
  });

  test("all of it at once, in the order of the file", () => {
    const { details } = refusal("port: x\nscale: { minReplicas: -1 }\nresources: { cpu: 0.3 }\nfoo: 1\nbar: 2\naccess: all\nttl: x\nhealthPath: x\nprotocol: x\nstartupSeconds: x\n");
    expect(details.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("long values are cut in messages", () => {
    expect(refusal(`name: ${"x".repeat(500)}`).problems[0]!.length).toBeLessThan(300);
  });
});

describe("what cannot be read", () => {
  test.each([
    ["port: 1\nport: 2", "tool.yaml:2:1: is not understood: Map keys must be unique"],
    ["name: [a", "tool.yaml:1:9: is not understood:"],
    ["a: &x 1\nb: *x", "tool.yaml:2:4: *x is an alias; write the value itself there"],
    ["build: &b\n  args: *b", "tool.yaml:2:9: *b is an alias"],
    ["name: !!js/function x", "tool.yaml:1:7: is not understood: Unresolved tag"],
    ["a: 1\n---\nb: 1", "tool.yaml:2:1: is not understood: Source contains multiple documents"],
    [`a: ${"[".repeat(60_000)}`, "tool.yaml:1:"],
    ["x".repeat(MAX_MANIFEST_BYTES + 1), `tool.yaml: is ${MAX_MANIFEST_BYTES + 1} bytes long; allowed: ${MAX_MANIFEST_BYTES}`],
    [Uint8Array.of(0x6e, 0xff, 0xfe), "tool.yaml: is not UTF-8 text"],
  ])("%.40j", (text, problem) => {
    const { code, problems } = refusal(text);
    expect(code).toBe("MANIFEST_UNREADABLE");
    expect(problems[0]).toContain(problem);
    expect(problems.length).toBeLessThanOrEqual(50);
  });

  test("no text whatever breaks it: it is a manifest, or every problem has a place", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.stringMatching(/^[a-z:\-\[\]{}&* \n"'|>%@?!#]{0,60}$/)), (text) => {
        try {
          expect(read(text).file).toBe("tool.yaml");
        } catch (error) {
          if (!(error instanceof RecipeError)) throw error;
          for (const { line, column } of error.details) expect([line, column].every((at) => at === undefined || at >= 1)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

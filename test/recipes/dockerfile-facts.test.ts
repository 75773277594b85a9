import { describe, expect, test } from "@jest/globals";
import { readDockerfile } from "../../recipes/dockerfile-facts.ts";
import type { DockerfileFacts } from "../../recipes/dockerfile-facts.ts";

function facts(text: string, build?: { target?: string; args?: Record<string, string> }): DockerfileFacts {
  const found = readDockerfile("Dockerfile", text, build);
  if ("problems" in found) throw new Error(JSON.stringify(found.problems));
  return found;
}
const ports = (text: string, build?: { target?: string; args?: Record<string, string> }) => facts(text, build).ports.map(({ port }) => port);

describe("EXPOSE", () => {
  test.each<[string, number[]]>([
    ["FROM a\nEXPOSE 80", [80]],
    ["from a\nexpose 80/TCP 81/udp 82", [80, 82]],
    ["FROM a\nEXPOSE 80\nEXPOSE 80", [80]],
    ["FROM a\nENV PORT=8080\nEXPOSE $PORT", [8080]],
    ["FROM a\nENV PORT 8080\nEXPOSE ${PORT}/tcp", [8080]],
    ["FROM a\nARG PORT=8081\nEXPOSE ${PORT}", [8081]],
    ["ARG PORT=8082\nFROM a\nARG PORT\nEXPOSE $PORT", [8082]],
    ["ARG PORT=8082\nFROM a\nEXPOSE $PORT", []],
    ["FROM a\nEXPOSE ${PORT:-8083}", [8083]],
    ["FROM a\nEXPOSE $UNKNOWN 0 65536 8000-8010", []],
    ["FROM a\nENV A=80 B=90\nEXPOSE $A \\\n  # a comment\n  $B", [80, 90]],
    ["# escape=`\nFROM a\nEXPOSE 80 `\n  81", [80, 81]],
    ["FROM a\nRUN <<EOF\nEXPOSE 99\nEOF\nEXPOSE 80", [80]],
    ["FROM a AS one\nEXPOSE 1\nFROM b\nEXPOSE 2", [2]],
    ["FROM a AS one\nENV P=1\nEXPOSE $P\nFROM ONE\nEXPOSE 2$P", [1, 21]],
    ["\uFEFFFROM a\r\nEXPOSE 80\r\n", [80]],
  ])("%j: %j", (text, expected) => {
    expect(ports(text)).toEqual(expected);
  });

  test("of the stage that is built", () => {
    const text = "FROM a AS dev\nEXPOSE 1\nFROM a AS prod\nEXPOSE 2";
    expect(ports(text, { target: "DEV" })).toEqual([1]);
    expect(facts(text).stages).toEqual(["dev", "prod"]);
  });

  test("with the arguments of the build", () => {
    expect(ports("ARG P=1\nFROM a\nARG P\nARG Q=2\nEXPOSE $P $Q", { args: { P: "10", Q: "20" } })).toEqual([10, 20]);
  });
});

test.each([
  ["CMD curl -f http://localhost:8080/healthz || exit 1", { port: 8080, path: "/healthz" }],
  ['--interval=5s CMD ["wget", "-q", "http://127.0.0.1/up"]', { path: "/up" }],
  ["CMD wget http://0.0.0.0:${PORT}/a-b_c?d=1 -O -", { port: 9000, path: "/a-b_c?d=1" }],
  ["CMD curl https://[::1]:8443", { port: 8443, path: "/" }],
  ["CMD test -f /tmp/alive", undefined],
  ["CMD curl http://example.com/x", undefined],
  ["NONE", undefined],
])("HEALTHCHECK %s asks %j", (check, expected) => {
  const { health } = facts(`FROM a\nENV PORT=9000\nHEALTHCHECK ${check}`);
  expect(health && { path: health.path, ...(health.port !== undefined && { port: health.port }) }).toEqual(expected);
});

test("HEALTHCHECK NONE takes away what a stage before says", () => {
  expect(facts("FROM a AS b\nHEALTHCHECK CMD curl http://localhost/x\nFROM b\nHEALTHCHECK NONE").health).toBeUndefined();
});

test("the last USER counts", () => {
  expect(facts("FROM a AS b\nUSER root\nFROM b\nARG U=10001\nUSER $U:$U").user).toEqual({ name: "10001:10001", line: 5 });
  expect(facts("FROM a").user).toBeUndefined();
});

test.each([
  ["", undefined, "has no FROM"],
  ["RUN x", undefined, "has no FROM"],
  ["FROM a\nRUM x", undefined, "RUM is not an instruction"],
  ["FROM a AS b", "c", 'has no stage "c"; stages: b'],
])("%j cannot be built: %s %s", (text, target, problem) => {
  expect(readDockerfile("Dockerfile", text, { target })).toMatchObject({ problems: [{ code: "DOCKERFILE_INVALID", file: "Dockerfile", message: expect.stringContaining(problem) }] });
});

describe("a Dockerfile that is made to take long", () => {
  const within = (milliseconds: number, read: () => void): void => {
    const begun = performance.now();
    read();
    expect(performance.now() - begun).toBeLessThan(milliseconds);
  };

  test("by variables of variables", () => {
    within(2_000, () => expect(ports(`FROM a\nENV A=aaaaaaaaaa\n${"ENV A=$A$A$A$A\n".repeat(40)}EXPOSE 80`)).toEqual([80]));
  });

  test("by many variables", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => `ENV A${at}=$B`).join("\n");
    within(4_000, () => expect(ports(`FROM a\n${many}\nEXPOSE 80`)).toEqual([80]));
  });

  test("by many stages", () => {
    const stages = Array.from({ length: 8_000 }, (_, at) => `FROM s${at} AS s${at + 1}`).join("\n");
    within(4_000, () => expect(ports(`FROM a AS s0\nEXPOSE 80\n${stages}`)).toEqual([80]));
  });
});

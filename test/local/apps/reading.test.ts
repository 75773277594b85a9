import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { goText } from "../../../local/apps/admission.ts";
import { parseImage } from "../../../local/apps/image-name.ts";
import { parseListening } from "../../../local/apps/listening.ts";
import { FrameReader, withoutFrames } from "../../../local/apps/log-frames.ts";
import { lastLines, replicaLogs } from "../../../local/apps/replica-logs.ts";
import { sameTemplate } from "../../../local/apps/same-template.ts";
import { memoryBytes } from "../../../local/apps/template.ts";

test.each([
  ["localhost:5443/group/tool@sha256:ab", "localhost:5443", "group/tool", "sha256:ab"],
  ["localhost:5443/tool:v1@sha256:ab", "localhost:5443", "tool", "sha256:ab"],
  ["localhost/tool", "localhost", "tool", "latest"],
  ["mcr.example/k8se/quickstart:latest", "mcr.example", "k8se/quickstart", "latest"],
  ["nginx", "docker.io", "nginx", "latest"],
  ["library/nginx:1", "docker.io", "library/nginx", "1"],
])("the image %s is %s, %s, %s", (image, server, repository, reference) => {
  expect(parseImage(image)).toEqual({ server, repository, reference });
});

test("a registry's detail is printed as Azure prints it", () => {
  expect(goText([{ Type: "repository", Name: "api", Action: "pull" }])).toBe("[map[Action:pull Name:api Type:repository]]");
  expect(goText({ Tag: "latest" })).toBe("map[Tag:latest]");
});

describe("templates that ask for the same", () => {
  const template = { containers: [{ name: "main", image: "a", resources: { cpu: 0.25, memory: "0.5Gi" } }], scale: { minReplicas: 0 } };
  test.each([
    ["null and empty for absent", { ...template, initContainers: null, volumes: [], revisionSuffix: "" }, true],
    ["what only answers carry", { ...template, containers: [{ ...template.containers[0], resources: { cpu: 0.25, memory: "0.5Gi", ephemeralStorage: "1Gi" } }] }, true],
    ["another image", { ...template, containers: [{ ...template.containers[0], image: "b" }] }, false],
    ["another scale", { ...template, scale: { minReplicas: 1 } }, false],
    ["a zero gone", { ...template, scale: {} }, false],
  ])("%s: %s", (_, other, same) => {
    expect(sameTemplate(template, other as typeof template)).toBe(same);
  });
});

test("the kernel's table tells open ports from those on loopback", () => {
  const table = `  sl  local_address rem_address   st tx_queue
   0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0B00007F:9C41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1
   2: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1
   3: 020011AC:1F41 010011AC:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4 1
   4: 0000007F00000000:0000 bad
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 00000000:00000000
   2: 0000000000000000FFFF00000100007F:0052 00000000000000000000000000000000:0000 0A 00000000:00000000
   3: 0000000000000000FFFF0000020011AC:0053 00000000000000000000000000000000:0000 0A 00000000:00000000`;
  expect(parseListening(table)).toEqual({ open: [80, 83, 8000], loopback: [81, 82, 5000, 40001] });
});

test("the engine's log frames are text again, in their order", () => {
  const frame = (stream: number, text: string) => Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, Buffer.byteLength(text)]), Buffer.from(text)]);
  expect(withoutFrames(Buffer.concat([frame(1, "one\n"), frame(2, "zwei ü\n")]))).toBe("one\nzwei ü\n");
});

test("of a stream too, wherever its chunks end", () => {
  const header = (length: number) => Buffer.from([1, 0, 0, 0, 0, 0, 0, length]);
  const bytes = Buffer.concat([header(4), Buffer.from("one\n"), header(0), header(4), Buffer.from("two\n")]);
  for (let size = 1; size <= bytes.length; size += 1) {
    const reader = new FrameReader();
    const texts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) texts.push(...reader.texts(bytes.subarray(at, at + size)));
    expect(Buffer.concat(texts).toString()).toBe("one\ntwo\n");
  }
});

test("memory as Azure writes it", () => {
  expect([memoryBytes("0.5Gi"), memoryBytes("1.5Gi"), memoryBytes("256Mi")]).toEqual([536870912, 1610612736, 268435456]);
});

describe("logs of containers that are gone", () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-logs-"));
  test("are kept to their last mebibyte, whole lines, for their owner only, and go with the app", () => {
    const logs = replicaLogs(folder);
    logs.append("/app", "r", "one", "first\n");
    logs.append("/app", "r", "one", "second");
    expect(logs.read("/app", "r", "one")).toBe("first\nsecond\n");
    logs.append("/app", "r", "one", `${"x".repeat(99)}\n`.repeat(12_000));
    const kept = logs.read("/app", "r", "one");
    expect(kept.length).toBeLessThanOrEqual(1024 * 1024);
    expect(new Set(kept.trimEnd().split("\n"))).toEqual(new Set(["x".repeat(99)]));
    const [file] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("one.log"));
    expect(statSync(join(folder, file!)).mode & 0o777).toBe(0o600);
    logs.removeApp("/APP");
    expect(logs.read("/app", "r", "one")).toBe("");
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["a\nb\nc\n", 2, "b\nc\n"],
    ["a\n", 20, "a\n"],
    ["", 20, ""],
  ])("the last lines of %j, %i of them", (text, count, last) => {
    expect(lastLines(text, count)).toBe(last);
  });
});

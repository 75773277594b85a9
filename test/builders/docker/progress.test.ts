import { describe, expect, test } from "@jest/globals";
import { BuildProgress } from "../../../builders/docker/progress.ts";
import { readFields, text, writeStrings } from "../../../builders/docker/protobuf.ts";

/** A length-delimited field of less than 16 KB, as protobuf writes strings and messages. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) + 128, bytes.length >> 7];
  return Buffer.concat([Buffer.of(number * 8 + 2, ...length), bytes]);
}

function message(...fields: Buffer[]): Buffer {
  return Buffer.concat(fields);
}

const flag = (number: number, value: number) => Buffer.of(number * 8, value);
const started = field(5, "t");
const completed = field(6, "t");

function vertex(digest: string, name: string, ...more: Buffer[]): Buffer {
  return field(1, message(field(1, digest), field(3, name), ...more));
}

function log(digest: string, written: string): Buffer {
  return field(3, message(field(1, digest), field(4, written)));
}

function follow(...statuses: Buffer[]): { lines: string[]; progress: BuildProgress } {
  const lines: string[] = [];
  const progress = new BuildProgress((line) => lines.push(line));
  for (const status of statuses) progress.take({ id: "moby.buildkit.trace", aux: status.toString("base64") });
  return { lines, progress };
}

describe("BuildKit's messages become lines", () => {
  test("a step is named when it starts, once", () => {
    const { lines } = follow(vertex("a", "[1/2] RUN x"), vertex("a", "[1/2] RUN x", started), vertex("a", "[1/2] RUN x", started, completed));
    expect(lines).toEqual(["[1/2] RUN x"]);
  });

  test("a cached step says so", () => {
    expect(follow(vertex("a", "[1/2] RUN x", flag(4, 1), started, completed)).lines).toEqual(["CACHED [1/2] RUN x"]);
  });

  test("pieces of two steps are put together line by line", () => {
    expect(follow(log("a", "one\ntw"), log("b", "other\n"), log("a", "o\n")).lines).toEqual(["one", "other", "two"]);
  });

  test("colours and overwritten text are left out", () => {
    expect(follow(log("a", "\u001b[31mred\u001b[0m\n"), log("a", "10%\r50%\r100%\n")).lines).toEqual(["red", "100%"]);
  });

  test("warnings are told", () => {
    expect(follow(field(4, message(field(3, "use exec form")))).lines).toEqual(["WARNING: use exec form"]);
  });
});

describe("the failed step", () => {
  test("is the one with an error, with the last twenty lines it wrote and the one it had begun", () => {
    const written = Array.from({ length: 30 }, (_item, index) => `line ${index + 1}\n`).join("");
    const { progress } = follow(
      vertex("a", "[1/3] RUN good", started, completed),
      log("a", "fine\n"),
      vertex("b", "[2/3] RUN bad", started),
      log("b", `${written}begun`),
      vertex("b", "[2/3] RUN bad", started, completed, field(7, "exit code: 1")),
    );
    const failed = progress.failedStep();
    expect(failed?.name).toBe("[2/3] RUN bad");
    expect(failed?.lines).toHaveLength(20);
    expect(failed?.lines.at(0)).toBe("line 12");
    expect(failed?.lines.at(-1)).toBe("begun");
  });

  test("is not one that was only canceled because of it", () => {
    const { progress } = follow(vertex("a", "beside", started, field(7, "rpc error: context canceled")), vertex("b", "bad", started, field(7, "exit code: 1")));
    expect(progress.failedStep()?.name).toBe("bad");
  });

  test("is unknown when none failed", () => {
    expect(follow(vertex("a", "x", started)).progress.failedStep()).toBeUndefined();
  });

  test("of the classic builder is the last one", () => {
    const progress = new BuildProgress(() => undefined);
    for (const stream of ["Step 1/2 : FROM scratch\n", " ---> 1\n", "Step 2/2 : RUN x\n", "it broke\n"]) progress.take({ stream });
    expect(progress.failedStep()).toEqual({ name: "Step 2/2 : RUN x", lines: ["Step 2/2 : RUN x", "it broke"] });
  });
});

describe("protobuf", () => {
  test("reads back what it wrote, long strings and umlauts too", () => {
    const fields = readFields(writeStrings({ 1: "é".repeat(200), 2: "", 15: "x" }));
    expect([text(fields, 1), text(fields, 2), text(fields, 15)]).toEqual(["é".repeat(200), "", "x"]);
  });

  test("skips what it does not know", () => {
    const fixed = Buffer.concat([Buffer.of(9 * 8 + 1), Buffer.alloc(8), Buffer.of(10 * 8 + 5), Buffer.alloc(4)]);
    expect(text(readFields(Buffer.concat([fixed, field(1, "after")])), 1)).toBe("after");
  });

  test.each([
    ["in the middle of a string", Buffer.of(10, 5, 65), "ends in the middle of a field"],
    ["in the middle of a number", Buffer.of(0x80), "out of range"],
  ])("refuses a message that ends %s", (_name, bytes, problem) => {
    expect(() => readFields(bytes)).toThrow(problem);
  });
});

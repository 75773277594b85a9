import { expect, test } from "@jest/globals";
import { followReplica } from "../../../local/apps/log-follow.ts";
import { lastLines } from "../../../local/apps/replica-logs.ts";

type Followed = Parameters<typeof followReplica>[0];

/** A replica whose containers wrote what `written` says; `next` is done at each wait. */
function follow(options: { kept?: string; written: Record<string, string>; first?: string; tailLines?: number; next: Array<(replica: { phase: string; container?: { id: string } }) => void>; signal?: AbortSignal }) {
  const replica: { phase: string; container?: { id: string } } = { phase: "running", ...(options.first && { container: { id: options.first } }) };
  const waits: number[] = [];
  const lines = followReplica({
    replica: replica as Followed["replica"],
    engine: {
      logs: async (id) => options.written[id]!,
      async *follow(id, tailLines) {
        yield Buffer.from(lastLines(options.written[id]!, tailLines));
      },
    },
    kept: options.kept ?? "",
    tailLines: options.tailLines ?? 20,
    async nextChange(limitMs) {
      waits.push(limitMs);
      (options.next.shift() ?? (() => (replica.phase = "gone")))(replica);
    },
    signal: options.signal ?? new AbortController().signal,
  });
  return { lines, waits };
}
const textOf = async (lines: AsyncIterable<Buffer>) => {
  let text = "";
  for await (const each of lines) text += each.toString();
  return text;
};

test("lines of former containers fill up to what was asked for", async () => {
  const asked = (tailLines: number) => textOf(follow({ kept: "one\ntwo\nthree\n", written: { c: "four\n" }, first: "c", tailLines, next: [] }).lines);
  expect(await asked(20)).toBe("one\ntwo\nthree\nfour\n");
  expect(await asked(3)).toBe("two\nthree\nfour\n");
  expect(await asked(1)).toBe("four\n");
});

test("each container is followed once, the next one too", async () => {
  const starts = (id: string) => (replica: { container?: { id: string } }) => void (replica.container = { id });
  const { lines } = follow({ written: { a: "a\n", b: "b\n" }, first: "a", next: [() => undefined, (replica) => delete replica.container, starts("b"), () => undefined] });
  expect(await textOf(lines)).toBe("a\nb\n");
});

test("a container that began later is told from its first line, however few were asked for", async () => {
  const { lines } = follow({ written: { a: "one\ntwo\n", b: "three\nfour\n" }, first: "a", tailLines: 1, next: [(replica) => void (replica.container = { id: "b" })] });
  expect(await textOf(lines)).toBe("two\nthree\nfour\n");
});

test("what starts is looked at often, what runs rarely", async () => {
  const { lines, waits } = follow({ written: {}, next: [(replica) => (replica.phase = "starting"), (replica) => (replica.phase = "waiting")] });
  await textOf(lines);
  expect(waits).toEqual([1000, 50, 50]);
});

test("it ends when nobody reads any more", async () => {
  const gone = new AbortController();
  const { lines } = follow({ written: { a: "a\n" }, first: "a", next: [() => gone.abort(), () => expect(gone.signal.aborted).toBe(false)], signal: gone.signal });
  expect(await textOf(lines)).toBe("a\n");
});

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import { keepCallerToken } from "../../local/caller-token.ts";

const folder = mkdtempSync(join(tmpdir(), "toolwharf-token-"));
afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

test("the token is there for its owner alone, and is renewed long before it ends; a failure is logged without it", async () => {
  jest.useFakeTimers();
  const file = join(folder, "caller-token");
  const lines: string[] = [];
  let issued = 0;
  const tokens = {
    issue: async ({ ttlSeconds }: { ttlSeconds?: number }) => {
      issued += 1;
      if (issued === 3) throw new Error("no key");
      return `token ${issued} for ${ttlSeconds} s`;
    },
  };
  const stop = await keepCallerToken({ file, tokens, principalId: "me", audience: "arm", log: (line) => lines.push(line) });
  expect(readFileSync(file, "utf8")).toBe("token 1 for 3600 s");
  expect(statSync(file).mode & 0o777).toBe(0o600);

  await jest.advanceTimersByTimeAsync(1200 * 1000);
  expect(readFileSync(file, "utf8")).toBe("token 2 for 3600 s");
  await jest.advanceTimersByTimeAsync(1200 * 1000);
  expect(lines).toEqual(["the caller's token was not renewed: no key"]);
  await jest.advanceTimersByTimeAsync(1200 * 1000);
  expect(readFileSync(file, "utf8")).toBe("token 4 for 3600 s");

  stop();
  await jest.advanceTimersByTimeAsync(7200 * 1000);
  expect(issued).toBe(4);
});

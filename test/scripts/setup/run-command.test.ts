import { describe, expect, test } from "@jest/globals";
import { runCommand } from "../../../scripts/setup/run-command.js";

const node = (script: string) => runCommand(process.execPath, ["-e", script]);

describe("runCommand", () => {
  test("returns standard output, and hands over the lines of both streams", async () => {
    const lines: string[] = [];
    const script = "console.log('one'); console.error('two')";
    await expect(runCommand(process.execPath, ["-e", script], { onLine: (line) => lines.push(line) })).resolves.toBe("one\n");
    expect(lines.sort()).toEqual(["one", "two"]);
  });

  test("a failure names the command, its exit code and its last lines", async () => {
    await expect(node("console.error('disk is full'); process.exit(3)")).rejects.toThrow(/node.* -e .*: exit code 3\n {2}\| disk is full/);
  });

  test("a program that is not there is named", async () => {
    await expect(runCommand("no-such-program", [])).rejects.toThrow(/no-such-program: .*ENOENT/);
  });

  test("nothing waits at standard input", async () => {
    await expect(node("process.stdin.on('data', () => {}).on('end', () => console.log('ended'))")).resolves.toBe("ended\n");
  });
});

import { describe, expect, test } from "@jest/globals";
import { COMMANDS } from "../../cli/commands.ts";
import { runProgram } from "../../cli/program.ts";
import { capturedTerminal } from "./captured-terminal.ts";

async function help(...words: string[]): Promise<string> {
  const { terminal, written } = capturedTerminal();
  expect(await runProgram([...words, "--help"], terminal, "0.0.0")).toBe(0);
  expect(written.err).toBe("");
  return written.out;
}

describe("help", () => {
  test("of all", async () => {
    expect(await help()).toMatchInlineSnapshot(`
"Usage: toolwharf [options] [command]

From a folder of code to an HTTPS endpoint on Azure Container Apps, or on its
miniature on this machine.

Options:
  --version                   print the version
  -h, --help                  show this

Commands:
  up [options] [tool]         deploy the platform and every tool, or one tool
  preview [options] [tool]    show what \`up\` would do
  refresh [options] [tool]    take over what was changed outside of Pulumi
  destroy [options] [tool]    remove the resources of a stack
  outputs [options]           endpoints, revisions and images
  inspect [options] <folder>  what a folder is, how it would be built, and why
  doctor [options]            what is missing, and the command that mends it
  local                       the miniature: a local Azure for what the program
                              declares

Examples:
  toolwharf up              deploy every folder of tools/ to the miniature
  toolwharf up flask-echo   deploy one of them
  toolwharf up --stack dev  deploy to Azure, as you are logged in
  toolwharf local down      stop the miniature and remove all of it
"
`);
  });

  test("of up", async () => {
    expect(await help("up")).toMatchInlineSnapshot(`
"Usage: toolwharf up [options] [tool]

Deploy the platform and every tool, or one tool.

Ends when every new revision is ready, or says which is not and why. A tool that
fails does not stop the others.

Arguments:
  tool                   only this folder of tools/: within the platform's stack
                         if that deploys it, else in a stack of its own

Options:
  --stack <name>         \`local\` and \`local.<tool>\` are on the miniature, all
                         others on Azure (default: "local")
  --yes                  go ahead without a preview and a question
  --lock-timeout <time>  how long to wait for another run on the stack; 0
                         refuses at once (default: "10m")
  --json                 print the outcome and the endpoints as JSON; what the
                         engine says goes to standard error
  -h, --help             show this
"
`);
  });

  test.each([[], ["local"], ...COMMANDS.map(({ name }) => name.split(" "))])("%s reads at 80 columns", async (...words) => {
    const text = await help(...words);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).toContain(`Usage: toolwharf${["", ...words].join(" ")}`);
  });

  test("a noun without a verb shows its verbs and did nothing", async () => {
    const { terminal, written } = capturedTerminal();
    expect(await runProgram(["local"], terminal, "0.0.0")).toBe(1);
    expect(written.err).toContain("Usage: toolwharf local");
  });

  test("the version", async () => {
    const { terminal, written } = capturedTerminal();
    expect(await runProgram(["--version"], terminal, "1.2.3")).toBe(0);
    expect(written.out).toBe("1.2.3\n");
  });
});

describe("what was typed wrong", () => {
  test.each([
    [["upp"], /unknown command 'upp'.*Did you mean up\?/s],
    [["up", "--stak", "dev"], /unknown option '--stak'.*Did you mean --stack\?/s],
    [["up", "one", "two"], /too many arguments/],
    [["up", "--stack"], /argument missing/],
    [["local", "start"], /unknown command 'start'/],
  ])("%j is an error for people", async (words, message) => {
    const { terminal, written } = capturedTerminal();
    await expect(runProgram(words, terminal, "0.0.0")).rejects.toMatchObject({ code: "COMMAND_INVALID", message: expect.stringMatching(message) });
    expect(written).toEqual({ out: "", err: "" });
  });

  test("a name that is no stack is refused before anything is started", async () => {
    const { terminal } = capturedTerminal();
    await expect(runProgram(["up", "--stack", "../x"], terminal, "0.0.0")).rejects.toMatchObject({ code: "STACK_NAME_INVALID" });
  });
});

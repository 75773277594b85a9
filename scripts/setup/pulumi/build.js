import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isExecutable, findExecutable } from "../find-executable.js";
import { runCommand } from "../run-command.js";
import { SetupError } from "../setup-error.js";
import { PULUMI_MODULE, PULUMI_VERSION } from "../versions.js";

const COMMAND = `${PULUMI_MODULE}/cmd/pulumi`;
// The SDK parses what `pulumi version` prints, and a build without this flag prints an empty line.
const VERSION_FLAG = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`;

/**
 * Builds the CLI from its Go module: about 6 minutes on 2 cores the first time, 20 s with Go's cache.
 *
 * @param {string} target gets `bin/pulumi`
 * @param {import("../progress.js").Step} step
 * @param {string} reason why it is not downloaded
 */
export async function buildCli(target, step, reason) {
  const go = findGo(reason);
  const module = join(target, "module");
  mkdirSync(module);
  // The person's own workspace and flags must not take part in this build.
  const options = { cwd: module, env: { ...process.env, GOFLAGS: "", GOWORK: "off" } };
  step.begin(`building the Pulumi CLI ${PULUMI_VERSION} from its Go module, since ${reason} (about 6 minutes on 2 cores, once)`);
  step.at("fetching Go modules");
  await runCommand(go, ["mod", "init", "toolwharf.local/pulumi-cli"], options);
  await runCommand(go, ["get", "-tool", `${COMMAND}@v${PULUMI_VERSION}`], options);
  await compile(go, target, options, step);
}

/**
 * @param {string} go
 * @param {string} target
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @param {import("../progress.js").Step} step
 */
async function compile(go, target, options, step) {
  const packages = await runCommand(go, ["list", "-deps", COMMAND], options);
  const total = packages.trim().split("\n").length;
  let done = 0;
  step.at(`compiling ${total} packages`);
  const args = ["build", "-v", "-ldflags", `-s -w ${VERSION_FLAG}`, "-o", join(target, "bin", "pulumi"), COMMAND];
  await runCommand(go, args, {
    ...options,
    // `-v` names each package as it is compiled; those in Go's cache are not named.
    onLine: () => step.at(`${++done} of at most ${total} packages compiled`),
  });
}

/** @param {string} reason */
function findGo(reason) {
  const go = findExecutable("go") ?? ["/usr/local/go/bin/go"].find(isExecutable);
  if (go) return go;
  throw new SetupError(
    "NO_PULUMI_CLI",
    `The Pulumi CLI ${PULUMI_VERSION} could not be downloaded (${reason}), and there is no Go to build it with. Install Go 1.25 or newer, or put the CLI's files into ~/.pulumi/versions/${PULUMI_VERSION}/bin; then run the command again.`,
  );
}

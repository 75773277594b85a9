import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findExecutable, isExecutable } from "../find-executable.js";

const SOURCE = fileURLToPath(new URL("../../language-host/", import.meta.url));
const LAUNCHER = "pulumi-language-nodejs";
const FOLDER = "toolwharf-language-host";

/**
 * Whether the CLI finds a Node.js language host: the official one that its archive brings or that is on PATH, or ours
 * in its present state.
 *
 * @param {string} pulumi folder of the CLI
 * @param {NodeJS.ProcessEnv} env
 */
export function languageHostReady(pulumi, env) {
  if (!isExecutable(join(pulumi, LAUNCHER))) return officialOnPath(pulumi, env);
  const own = existsSync(join(pulumi, FOLDER));
  return !own || read(join(pulumi, FOLDER, "fingerprint")) === fingerprint();
}

/**
 * Copies ours beside the CLI. It refers to no checkout, since those come and go; the packages it needs are the
 * program's own.
 *
 * @param {string} pulumi folder of the CLI
 * @param {import("../progress.js").Step} step
 */
export function installLanguageHost(pulumi, step) {
  const staging = join(pulumi, `.${FOLDER}-${process.pid}`);
  const target = join(pulumi, FOLDER);
  mkdirSync(pulumi, { recursive: true });
  cpSync(SOURCE, staging, { recursive: true });
  writeFileSync(join(staging, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(staging, "fingerprint"), fingerprint());
  rmSync(target, { recursive: true, force: true });
  renameSync(staging, target);
  chmodSync(join(target, LAUNCHER), 0o755);
  // Last, and by a rename: the CLI sees either no host or a whole one.
  renameSync(join(target, LAUNCHER), join(pulumi, LAUNCHER));
  step.note("the CLI came without its Node.js language host, so the project's own was put beside it");
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const name of readdirSync(SOURCE).sort()) hash.update(name).update("\0").update(readFileSync(join(SOURCE, name)));
  return hash.digest("hex");
}

/**
 * @param {string} pulumi
 * @param {NodeJS.ProcessEnv} env
 */
function officialOnPath(pulumi, env) {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== pulumi);
  return findExecutable(LAUNCHER, { PATH: folders.join(delimiter) }) !== undefined;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

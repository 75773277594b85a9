import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.js";

/**
 * Whether node_modules is what package-lock.json says: told by a marker with the lock file's hash. Packages that
 * somebody installed by hand are recognised once by npm's own list of them, then marked.
 *
 * @param {import("./folders.js").Folders} folders
 */
export function dependenciesReady(folders) {
  const installedList = join(folders.root, "node_modules", ".package-lock.json");
  if (!existsSync(installedList)) return false;
  const hash = lockHash(folders);
  if (existsSync(folders.lockHashFile) && readFileSync(folders.lockHashFile, "utf8").trim() === hash) {
    return hasCommandLink(folders);
  }
  const lock = JSON.parse(readFileSync(join(folders.root, "package-lock.json"), "utf8"));
  if (!isInstalled(lock, JSON.parse(readFileSync(installedList, "utf8")))) return false;
  markReady(folders);
  return true;
}

/**
 * @typedef {{ packages: Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> }} LockFile
 * @param {LockFile} lock
 * @param {LockFile} installed npm's `node_modules/.package-lock.json`
 */
export function isInstalled(lock, installed) {
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== "");
  const missing = wanted.some(([path, entry]) => {
    const present = installed.packages[path];
    // A package for another platform is left out by npm.
    return present ? present.version !== entry.version : !entry.optional && !entry.devOptional;
  });
  return !missing && Object.keys(installed.packages).every((path) => path in lock.packages);
}

/**
 * @param {import("./folders.js").Folders} folders
 * @param {import("./progress.js").Step} step
 */
export async function installDependencies(folders, step) {
  step.begin("npm ci: installing the packages of package-lock.json");
  await runCommand("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folders.root });
  markReady(folders);
  step.end("packages are ready");
}

/** @param {import("./folders.js").Folders} folders */
function markReady(folders) {
  // So that `npx toolwharf` finds the command at once; npm links the commands of packages only, not the project's own.
  if (!hasCommandLink(folders)) {
    mkdirSync(join(folders.root, "node_modules", ".bin"), { recursive: true });
    symlinkSync("../../bin/toolwharf", commandLink(folders));
  }
  mkdirSync(folders.home, { recursive: true });
  writeFileSync(folders.lockHashFile, `${lockHash(folders)}\n`);
}

/** @param {import("./folders.js").Folders} folders */
function hasCommandLink(folders) {
  return lstatSync(commandLink(folders), { throwIfNoEntry: false }) !== undefined;
}

/** @param {import("./folders.js").Folders} folders */
function commandLink(folders) {
  return join(folders.root, "node_modules", ".bin", "toolwharf");
}

/** @param {import("./folders.js").Folders} folders */
function lockHash(folders) {
  return createHash("sha256").update(readFileSync(join(folders.root, "package-lock.json"))).digest("hex");
}

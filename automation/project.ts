import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "./user-error.ts";

/** A folder with Pulumi.yaml, and where everything about it that is not committed lives. */
export interface Project {
  folder: string;
  /** Pulumi's name of the project: part of every URN and of the paths in `state`. */
  name: string;
  /** `.toolwharf/` */
  home: string;
  /** Pulumi's file backend for miniature stacks. */
  state: string;
  /** Live settings of miniature stacks: `Pulumi.<stack>.yaml` and what they were made from. */
  stacks: string;
  /** Staged build contexts. */
  contexts: string;
  cache: string;
  /** Of an engine that the set-up started. */
  engine: string;
  /** Official base images and what replaces them on this machine; written by the set-up. */
  baseImagesFile: string;
}

/** The nearest project from `folder` upward. */
export function findProject(folder: string): Project {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, "Pulumi.yaml"))) return openProject(at);
    if (dirname(at) === at) {
      throw new UserError("PROJECT_NOT_FOUND", "there is no Pulumi.yaml here or in a folder above", {
        value: resolve(folder),
        next: "change into the project's folder",
      });
    }
  }
}

export function openProject(folder: string): Project {
  const home = join(folder, ".toolwharf");
  return {
    folder,
    name: projectName(join(folder, "Pulumi.yaml")),
    home,
    state: join(home, "state"),
    stacks: join(home, "stacks"),
    contexts: join(home, "contexts"),
    cache: join(home, "cache"),
    engine: join(home, "engine"),
    baseImagesFile: join(home, "base-images.json"),
  };
}

/** Read without a YAML parser: every command needs it, and loading one costs more than the rest of the start. */
function projectName(file: string): string {
  const name = /^name:\s*(["']?)([A-Za-z0-9_.-]{1,100})\1\s*(?:#.*)?$/m.exec(readFileSync(file, "utf8"))?.[2];
  if (!name) {
    throw new UserError("PROJECT_NAME_MISSING", "Pulumi.yaml has no usable name", {
      value: file,
      allowed: "a line `name: <letters, digits, hyphens, underscores, periods>`",
    });
  }
  return name;
}

import { parse } from "yaml";
import type { Problem } from "../errors.ts";
import type { Source } from "../source.ts";
import { isObject } from "./package-json.ts";

/** Keys of .npmrc that log in; one may belong to a registry: `//host/:_authToken`. */
const LOGIN = /(^|:)(_authToken|_auth|_password|username|certfile|keyfile|key|cert)\s*$/;
/** Keys that say where packages come from; the others are the developer's own wishes. */
const WHERE = /^(@[^:]+:)?registry$/;

/**
 * The lines of .npmrc and .yarnrc.yml that name registries. Nothing of a login is repeated in a message.
 *
 * @returns files for the install, or what needs a login
 */
export async function registryFiles(source: Source): Promise<{ files: Record<string, string>; problems: Problem[] }> {
  const files: Record<string, string> = {};
  const problems: Problem[] = [];
  if (source.has(".npmrc")) {
    const kept: string[] = [];
    for (const [at, line] of (await source.text(".npmrc")).split(/\r?\n/).entries()) {
      const [key = "", value = ""] = /^\s*([^=#;]+?)\s*=\s*(.*?)\s*$/.exec(line)?.slice(1) ?? [];
      if (LOGIN.test(key) || hasLogin(value)) problems.push(needsLogin(".npmrc", at + 1));
      else if (WHERE.test(key)) kept.push(`${key}=${value}`);
    }
    if (kept.length > 0) files[".npmrc"] = `${kept.join("\n")}\n`;
  }
  if (source.has(".yarnrc.yml")) {
    const settings = settingsOf(await source.text(".yarnrc.yml"));
    if (settings === undefined) problems.push({ code: "DEPENDENCIES_INVALID", message: "is not a YAML object", file: ".yarnrc.yml" });
    else if (LOGIN_SETTING.test(JSON.stringify(settings)) || hasLogin(String(settings.npmRegistryServer ?? ""))) problems.push(needsLogin(".yarnrc.yml"));
    else {
      const kept = Object.fromEntries(KEPT.filter((key) => key in settings).map((key) => [key, settings[key]]));
      // JSON is YAML.
      if (Object.keys(kept).length > 0) files[".yarnrc.yml"] = `${JSON.stringify(kept)}\n`;
    }
  }
  return { files, problems };
}

const LOGIN_SETTING = /"(npmAuthToken|npmAuthIdent|httpsKeyFilePath)":/;
/** Where packages come from, and what their checksums in the lock file depend on. */
const KEPT = ["npmRegistryServer", "npmScopes", "packageExtensions", "compressionLevel"];

/** A user with a password or token in an address anywhere in a lock file; git's users alone are no login. */
export const locksLogin = (text: string): boolean => /https?:\/\/[^\s/@"':]*:[^\s/@"']+@/.test(text);
const hasLogin = (address: string): boolean => /^\w+:\/\/[^/@]*@/.test(address);

function settingsOf(text: string): Record<string, unknown> | undefined {
  try {
    const settings: unknown = parse(text, { maxAliasCount: 0 }) ?? {};
    return isObject(settings) ? settings : undefined;
  } catch {
    return undefined;
  }
}

export function needsLogin(file: string, line?: number): Problem {
  return {
    code: "DEPENDENCIES_PRIVATE",
    message: 'has a login for a registry, and a build has no secrets to give it; use a registry that this builder\'s network reaches without a login (registry=https://...), or build the image yourself from a Dockerfile of the folder\'s own; take the login out of the folder in either case, and renew it if others have seen it',
    file,
    ...(line !== undefined && { line }),
  };
}

import { posix } from "node:path";
import { isMap, reveal } from "../grpc/property-values.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";
import type { RegistryLogin } from "../../../builders/docker/session.ts";

/** Inputs of a docker.Image as its provider reads them; what is unknown is left out. */
export interface ImageInputs {
  imageName: string | undefined;
  skipPush: boolean;
  buildOnPreview: boolean;
  context: string | undefined;
  /** Relative to the project, not to the context. */
  dockerfile: string | undefined;
  args: Record<string, string> | undefined;
  target: string | undefined;
  platform: string | undefined;
  network: string | undefined;
  extraHosts: string[] | undefined;
  cacheFrom: string[];
  builder: "1" | "2";
  registryServer: string;
  login: RegistryLogin | undefined;
  /** Half a login is none; the provider warns of it. */
  loginProblem: string | undefined;
}

/** @throws Error in the provider's words */
export function imageInputs(secretInputs: PropertyMap): ImageInputs {
  const inputs = reveal(secretInputs);
  const build = isMap(inputs["build"]) ? inputs["build"] : {};
  const registry = isMap(inputs["registry"]) ? inputs["registry"] : {};
  const context = "context" in build ? asString(build["context"]) : ".";
  const implied = context === undefined ? undefined : posix.join(context, "Dockerfile");
  const [username, password] = [asString(registry["username"]), asString(registry["password"])];
  return {
    imageName: asString(inputs["imageName"]),
    skipPush: inputs["skipPush"] === true,
    buildOnPreview: inputs["buildOnPreview"] === true,
    context,
    dockerfile: "dockerfile" in build ? asString(build["dockerfile"]) : implied,
    args: isMap(build["args"]) ? strings(build["args"]) : undefined,
    target: asString(build["target"]),
    platform: asString(build["platform"]),
    network: asString(build["network"]),
    extraHosts: Array.isArray(build["addHosts"]) ? build["addHosts"].filter((host) => typeof host === "string") : undefined,
    cacheFrom: cachedImages(build["cacheFrom"]),
    builder: builderVersion(build["builderVersion"]),
    registryServer: asString(registry["server"]) ?? "",
    login: username && password ? { username, password } : undefined,
    loginProblem: loginProblem(username, password),
  };
}

function loginProblem(username: string | undefined, password: string | undefined): string | undefined {
  if (!username === !password) return undefined;
  const [missing, given] = username ? ["password", "username"] : ["username", "password"];
  return `${missing} was not set, although ${given} was; using host credentials file`;
}

function asString(value: PropertyValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function strings(values: PropertyMap): Record<string, string> {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(entries);
}

function cachedImages(cacheFrom: PropertyValue | undefined): string[] {
  if (!isMap(cacheFrom)) return [];
  if (!("images" in cacheFrom)) throw new Error("cacheFrom requires an `images` field");
  const images = cacheFrom["images"];
  if (Array.isArray(images)) return images.filter((image) => typeof image === "string");
  if (typeof images === "object") return [];
  throw new Error("the `images` field must be a list of strings");
}

function builderVersion(version: PropertyValue | undefined): "1" | "2" {
  if (version === undefined || version === "BuilderBuildKit") return "2";
  if (version === "BuilderV1") return "1";
  throw new Error("invalid Docker Builder version");
}

import { expect, test } from "@jest/globals";
import { packagesFor } from "../../../scripts/setup/set-up.js";

const ready = { node: true, dependencies: true, pulumi: true, languageHost: true, engine: true, registry: true, baseImages: true };
const bare = { ...ready, engine: false, registry: false, baseImages: false };
const on = (platform: NodeJS.Platform, has: string[] = []) => ({ env: {}, platform, has: (name: string) => has.includes(name) });

test("a machine that has everything needs no system package", () => {
  expect(packagesFor({ ready, pullable: true, ...on("linux") })).toEqual([]);
});

test("a bare machine without Docker Hub needs engine, registry and the maker of base images", () => {
  expect(packagesFor({ ready: bare, pullable: false, ...on("linux") })).toEqual(["docker.io", "docker-registry", "mmdebstrap"]);
});

test("with Docker Hub nothing is needed to make base images", () => {
  expect(packagesFor({ ready: bare, pullable: true, ...on("linux") })).toEqual(["docker.io", "docker-registry"]);
});

test("an engine that is installed but stopped is not installed again", () => {
  expect(packagesFor({ ready: bare, pullable: true, ...on("linux", ["docker.io", "docker-registry"]) })).toEqual([]);
});

test("an engine named by DOCKER_HOST is the person's own", () => {
  expect(packagesFor({ ready: { ...ready, engine: false }, pullable: true, ...on("linux"), env: { DOCKER_HOST: "tcp://127.0.0.1:2375" } })).toEqual([]);
});

test("on macOS the engine is Docker Desktop", () => {
  expect(packagesFor({ ready: bare, pullable: false, ...on("darwin") })).toEqual(["docker-registry"]);
});

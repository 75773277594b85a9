import { expect, test } from "@jest/globals";
import { engineAddress } from "../../../../scripts/setup/engine/address.js";

test("DOCKER_HOST names a socket", () => {
  expect(engineAddress({ DOCKER_HOST: "unix:///run/user/1000/docker.sock" })).toEqual({ socketPath: "/run/user/1000/docker.sock" });
});

test("DOCKER_HOST names a port", () => {
  expect(engineAddress({ DOCKER_HOST: "tcp://127.0.0.1" })).toEqual({ protocol: "http:", host: "127.0.0.1", port: 2375 });
});

test("an address over ssh is refused with what is allowed", () => {
  expect(() => engineAddress({ DOCKER_HOST: "ssh://build@host" })).toThrow(/ssh:\/\/build@host; allowed are unix:\/\/ and tcp:\/\//);
});

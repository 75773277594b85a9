import { expect, test } from "@jest/globals";
import { registryHost, splitTag } from "../../../builders/docker/image-name.ts";

test.each([
  ["localhost:5443/tools/echo:1f2e", "localhost:5443/tools/echo", "1f2e"],
  ["localhost:5443/tools/echo", "localhost:5443/tools/echo", "latest"],
  ["reg.azurecr.io/echo:1", "reg.azurecr.io/echo", "1"],
  ["echo", "echo", "latest"],
])("%s is %s and %s", (name, repository, tag) => expect(splitTag(name)).toEqual({ repository, tag }));

test.each([
  ["localhost:5443/tools/echo:1", "localhost:5443"],
  ["localhost/echo", "localhost"],
  ["reg.azurecr.io/echo:1", "reg.azurecr.io"],
  ["library/nginx", undefined],
  ["nginx:1", undefined],
])("the registry of %s is %s", (name, host) => expect(registryHost(name)).toBe(host));

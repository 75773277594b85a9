import { describe, expect, test } from "@jest/globals";
import { readAcrRequest } from "../../../../local/registry/acr/requests.ts";

const repository = (name: string, action: string) => [{ type: "repository", name, actions: [action] }];

describe("what a request to /acr/v1 is about, and needs", () => {
  test.each([
    ["GET", "/acr/v1/_catalog?n=2", "catalog", "", [{ type: "registry", name: "catalog", actions: ["*"] }]],
    ["GET", "/acr/v1/a%2Fb?api-version=2021-07-01", "repository", "", repository("a/b", "metadata_read")],
    ["PATCH", "/acr/v1/a/b", "repository", "", repository("a/b", "metadata_write")],
    ["DELETE", "/acr/v1/a", "repository", "", repository("a", "delete")],
    ["GET", "/acr/v1/a%2Fb/_tags", "tags", "", repository("a/b", "metadata_read")],
    ["GET", "/acr/v1/a/_tags/V1.0_x-y", "tag", "V1.0_x-y", repository("a", "metadata_read")],
    ["DELETE", "/acr/v1/a/_tags/v1", "tag", "v1", repository("a", "delete")],
    ["GET", "/acr/v1/a/_manifests?orderby=timedesc", "manifests", "", repository("a", "metadata_read")],
    ["PATCH", "/acr/v1/a/_manifests/sha256%3A00", "manifest", "sha256:00", repository("a", "metadata_write")],
  ])("%s %s", (method, target, kind, reference, needs) => {
    expect(readAcrRequest(method, target)).toMatchObject({ kind, reference, needs });
  });

  test.each([
    ["GET", "/acr/v1/"],
    ["GET", "/acr/v1/A"],
    ["GET", "/acr/v1/a/../b"],
    ["GET", "/acr/v1/a%252Fb"],
    ["GET", "/acr/v1/a/_tags/x%2F..%2F..%2Fy"],
    ["GET", "/acr/v1/a/_tags/%E0"],
    ["GET", "/acr/v1/a/_layers"],
    ["POST", "/acr/v1/a"],
    ["PATCH", "/acr/v1/_catalog"],
    ["DELETE", "/acr/v1/a/_tags"],
    ["DELETE", "/acr/v1/a/_manifests/sha256:00"],
  ])("%s %s is not ACR's", (method, target) => {
    expect(readAcrRequest(method, target)).toBeUndefined();
  });
});

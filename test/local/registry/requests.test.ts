import { describe, expect, test } from "@jest/globals";
import { readRequest } from "../../../local/registry/requests.ts";

const repository = (name: string, ...actions: string[]) => ({ type: "repository", name, actions });

describe("what a request to a registry needs", () => {
  test.each([
    ["GET", "/v2/group/tool/manifests/latest", [repository("group/tool", "pull")]],
    ["HEAD", "/v2/tool/blobs/sha256:00", [repository("tool", "pull")]],
    ["GET", "/v2/tool/tags/list?n=10", [repository("tool", "pull")]],
    ["PUT", "/v2/group/tool/manifests/1", [repository("group/tool", "pull", "push")]],
    ["POST", "/v2/tool/blobs/uploads/", [repository("tool", "pull", "push")]],
    ["PATCH", "/v2/tool/blobs/uploads/7d2b?_state=x", [repository("tool", "pull", "push")]],
    ["GET", "/v2/tool/blobs/uploads/7d2b", [repository("tool", "pull", "push")]],
    ["DELETE", "/v2/tool/blobs/uploads/7d2b", [repository("tool", "pull", "push")]],
    ["DELETE", "/v2/tool/manifests/sha256:00", [repository("tool", "delete")]],
    ["DELETE", "/v2/tool/blobs/sha256:00", [repository("tool", "delete")]],
    ["POST", "/v2/a/blobs/uploads/?mount=sha256:00&from=secret/b", [repository("a", "pull", "push"), repository("secret/b", "pull")]],
    ["GET", "/v2/_catalog?n=5", [{ type: "registry", name: "catalog", actions: ["*"] }]],
    ["GET", "/v2/", []],
  ])("%s %s", (method, url, needs) => {
    expect(readRequest(method, url)?.needs).toEqual(needs);
  });

  test("a repository whose name holds the word manifests is read to its last part", () => {
    expect(readRequest("GET", "/v2/a/manifests/b/manifests/1")).toMatchObject({ kind: "manifest", repository: "a/manifests/b", reference: "1" });
  });

  test("an encoded name is decoded once, and passed on as it was checked", () => {
    expect(readRequest("GET", "/v2/group%2Ftool/blobs/sha256%3A00?a=%2F")).toMatchObject({ url: "/v2/group/tool/blobs/sha256:00?a=%2F", repository: "group/tool" });
  });

  test.each(["/v2/a/../secret/manifests/1", "/v2/a//b/manifests/1", "/v2/a%252fb/manifests/1", "/v2/a%2f..%2fb/manifests/1", "/v2/a/manifests/1%3Fx", "/v2/a/manifests/%zz", "/v2/A/manifests/1", "/v2/./a/tags/list", "/v1/x", "/", `/v2/${"a".repeat(256)}/tags/list`])(
    "%s is no repository's path",
    (url) => {
      expect(readRequest("GET", url)).toBeUndefined();
    },
  );
});

import { describe, expect, test } from "@jest/globals";
import { renderEndpoints, toolsOf } from "../../cli/endpoints.ts";

const OUTPUTS = {
  tools: {
    "node-echo": { url: "https://node-echo.x.localhost:8443", fqdn: "node-echo.x.localhost", image: "localhost:5443/tools/node-echo@sha256:2", revision: "node-echo--b" },
    "flask-echo": { url: "https://flask-echo.x.localhost:8443", fqdn: "flask-echo.x.localhost", image: "localhost:5443/tools/flask-echo@sha256:1", revision: "flask-echo--a" },
  },
  platform: {},
};

describe("the table of endpoints", () => {
  test("tool, URL, revision, image, sorted by name, and a line to try each", () => {
    expect(renderEndpoints(OUTPUTS, "/home/me/ca.pem")).toBe(
      [
        "tool        URL                                  revision       image",
        "flask-echo  https://flask-echo.x.localhost:8443  flask-echo--a  localhost:5443/tools/flask-echo@sha256:1",
        "node-echo   https://node-echo.x.localhost:8443   node-echo--b   localhost:5443/tools/node-echo@sha256:2",
        "",
        "  curl --cacert /home/me/ca.pem https://flask-echo.x.localhost:8443",
        "  curl --cacert /home/me/ca.pem https://node-echo.x.localhost:8443",
        "",
      ].join("\n"),
    );
  });

  test("a tool with a path route has a line for that too", () => {
    const route = "https://wharf.x.localhost:8443/tools/a";
    expect(renderEndpoints({ tools: { a: { url: "https://a.x.localhost:8443", route } } }, "/ca.pem")).toContain(`\n  curl --cacert /ca.pem https://a.x.localhost:8443\n  curl --cacert /ca.pem ${route}\n`);
  });

  test("on Azure the system's authorities are right", () => {
    expect(renderEndpoints(OUTPUTS)).toContain("  curl https://flask-echo.x.localhost:8443\n");
  });

  test("a path with a space can be pasted", () => {
    expect(renderEndpoints(OUTPUTS, "/my home/o'ca.pem")).toContain(`--cacert '/my home/o'\\''ca.pem' `);
  });

  test("a tool that is not deployed yet has no line to try", () => {
    expect(renderEndpoints({ tools: { a: {} } })).toBe("tool  URL  revision  image\na     -    -         -\n");
  });

  test.each([[{}], [{ tools: null }], [{ tools: {} }]])("no tools in %j", (outputs) => {
    expect([toolsOf(outputs), renderEndpoints(outputs)]).toEqual([[], "no tools\n"]);
  });
});

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { appName, claimOf, endpointUrl, platformNames, roleAssignmentName, tagsOf } from "../../components/naming.ts";
import { isToolName } from "../../recipes/names.ts";

/** Azure's rule for container apps. */
const APP = /^(?=.{2,32}$)[a-z](?:[a-z0-9]|-(?!-))*[a-z0-9]$/;
const toolName = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/).filter(isToolName);

test.each([
  ["ab", true],
  ["flask-echo", true],
  ["a1", true],
  ["a".repeat(32), true],
  ["a".repeat(33), false],
  ["a", false],
  ["", false],
  ["1a", false],
  ["-a", false],
  ["a-", false],
  ["a--b", false],
  ["Bad_Name", false],
  ["a.b", false],
  ["a b", false],
  ["ä1", false],
])("%j is a tool's name: %p", (name, expected) => {
  expect(isToolName(name)).toBe(expected);
});

describe("the name of an app", () => {
  test("is the tool's own in the default group", () => {
    expect(appName("tools", "flask-echo")).toBe("flask-echo");
  });

  test("has group, name and a hash otherwise, the same for ever", () => {
    expect(appName("weather", "forecast")).toBe("weather-forecast-113d1fad");
  });

  test("keeps Azure's rule for every group and tool", () => {
    fc.assert(fc.property(toolName, toolName, (group, tool) => void expect(appName(group, tool)).toMatch(APP)));
  });

  test("is another one for another group or tool", () => {
    fc.assert(
      fc.property(toolName, toolName, toolName, toolName, (group, tool, otherGroup, otherTool) => {
        fc.pre(group !== otherGroup || tool !== otherTool);
        expect(appName(group, tool)).not.toBe(appName(otherGroup, otherTool));
      }),
    );
    expect(appName("a-b", "c-d")).not.toBe(appName("a", "b-c-d"));
  });
});

describe("the names of a platform", () => {
  test("say which stack it is", () => {
    expect(platformNames("dev", "westeurope")).toEqual({
      resourceGroup: "toolwharf-dev",
      registryPrefix: "toolwharfdev",
      workspace: "toolwharf-dev-logs-16fa",
      environment: "toolwharf-dev",
      identity: "toolwharf-dev-pull",
    });
  });

  test("keep Azure's rules for every stack, and differ for stacks that look alike", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,100}$/), (stack) => {
        const names = platformNames(stack, "westeurope");
        expect(names.resourceGroup).toMatch(/^[\w-]{1,90}$/);
        expect(`${names.registryPrefix}12345678`).toMatch(/^[a-z0-9]{5,50}$/);
        expect(names.workspace).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/);
        expect(names.environment).toMatch(/^[a-zA-Z][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]$/);
        expect(names.identity).toMatch(/^[a-zA-Z0-9][\w-]{2,127}$/);
      }),
    );
    expect(new Set(["dev", "Dev", "dev_", "-dev"].map((stack) => platformNames(stack, "westeurope").environment)).size).toBe(4);
  });
});

test("tags name the stack, and the tool on apps", () => {
  expect(tagsOf("dev")).toEqual({ "toolwharf-stack": "dev" });
  expect(tagsOf("dev", claimOf("tools", "weather"))).toEqual({ "toolwharf-stack": "dev", "toolwharf-tool": "tools/weather" });
});

test("a workspace has another name in another region, where its old name is kept for a while", () => {
  const workspace = (location: string) => platformNames("dev", location).workspace;
  expect(workspace("northeurope")).not.toBe(workspace("westeurope"));
  expect(workspace("West Europe")).toBe(workspace("westeurope"));
});

describe("the name of a role assignment", () => {
  const name = roleAssignmentName("/scope", "principal", "/role");

  test("is a GUID, the same for the same, whatever the case of the ids", () => {
    expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(roleAssignmentName("/Scope", "principal", "/ROLE")).toBe(name);
  });

  test.each([["/other", "principal", "/role"], ["/scope", "other", "/role"], ["/scope", "principal", "/other"]])("differs for %s %s %s", (...parts) => {
    expect(roleAssignmentName(...parts)).not.toBe(name);
  });
});

test("an endpoint has its port only where it is not the usual one", () => {
  expect(endpointUrl("a.example")).toBe("https://a.example");
  expect(endpointUrl("a.example", 8443)).toBe("https://a.example:8443");
});

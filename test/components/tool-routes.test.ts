import { describe, expect, test } from "@jest/globals";
import { routeRules, routeUrls } from "../../components/route-rules.ts";
import { ToolRoutes } from "../../components/tool-routes.ts";
import { mockEngine, registered, valueOf } from "./mocks.ts";

const ENVIRONMENT = "/subscriptions/s/resourceGroups/theirs/providers/Microsoft.App/managedEnvironments/env";
const WEATHER = { group: "tools", name: "weather" };
const NEWS = { group: "press", name: "news" };
const DOMAIN = "calmsea-01234567.westeurope.azurecontainerapps.io";

const declare = async (preview = false, ingressPort?: number) => {
  const mocked = await mockEngine({ preview });
  const made = new ToolRoutes("platform", { environmentId: ENVIRONMENT, routeName: "wharf", tools: [WEATHER, NEWS], ingressPort });
  await registered(mocked, made);
  return { mocked, made };
};

describe("the routes of a platform", () => {
  test("are one config in the environment's own group, with a rule for each tool", async () => {
    const { mocked } = await declare();
    expect(mocked.declared.map(({ type, name }) => `${type} ${name}`)).toEqual(["toolwharf:index:ToolRoutes platform", "azure-native:app:HttpRouteConfig platform-routes"]);
    expect(mocked.find("azure-native:app:HttpRouteConfig", "platform-routes").inputs).toEqual({
      httpRouteName: "wharf",
      environmentName: "env",
      resourceGroupName: "theirs",
      properties: { rules: routeRules([WEATHER, NEWS]) },
    });
  });

  test.each([
    [undefined, ""],
    [8443, ":8443"],
  ])("with the ingress on port %s have these URLs", async (ingressPort, port) => {
    const { made } = await declare(false, ingressPort);
    expect(await valueOf(made.urls)).toEqual({ weather: `https://wharf.${DOMAIN}${port}/tools/weather`, news: `https://wharf.${DOMAIN}${port}/press/news` });
  });

  test("have no URL in a preview that does not know the address", async () => {
    const { made } = await declare(true);
    expect(await valueOf(made.urls)).toEqual({});
  });
});

test("a rule leads the tool's path and what is below it to its app, without that path and without a double slash", () => {
  expect(routeRules([WEATHER])).toEqual([
    {
      description: "tools/weather",
      routes: [
        { match: { path: "/tools/weather" }, action: { prefixRewrite: "/" } },
        { match: { prefix: "/tools/weather/" }, action: { prefixRewrite: "/" } },
      ],
      targets: [{ containerApp: "weather" }],
    },
  ]);
  expect(routeRules([NEWS])[0]!.targets).toEqual([{ containerApp: expect.stringMatching(/^press-news-[0-9a-f]{8}$/) }]);
});

test.each([
  ["a rule that is there", { fqdn: "a.b", rules: [{ routes: [{ match: { path: "/tools/weather" } }] }] }, { weather: "https://a.b/tools/weather" }],
  ["a rule of another tool", { fqdn: "a.b", rules: [{ routes: [{ match: { path: "/tools/news" } }] }] }, {}],
  ["no rules", { fqdn: "a.b" }, {}],
  ["no address", { rules: [{ routes: [{ match: { path: "/tools/weather" } }] }] }, {}],
  ["rules of somebody else", { fqdn: "a.b", rules: [{}, { routes: [{}] }] }, {}],
])("%s", (_what, state, urls) => {
  expect(routeUrls(state, [WEATHER], 443)).toEqual(urls);
});

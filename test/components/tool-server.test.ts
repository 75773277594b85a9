import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { ToolServer } from "../../components/tool-server.ts";
import type { ToolServerArgs } from "../../components/tool-server.ts";
import { mockEngine, plain, registered, valueOf } from "./mocks.ts";

const IDENTITY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller";
const ENVIRONMENT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.App/managedEnvironments/env";
const DIGEST = `reg.azurecr.io/tools/weather@sha256:${"d".repeat(64)}`;

const ARGS: ToolServerArgs = {
  resourceGroupName: "toolwharf-dev",
  location: "westeurope",
  environmentId: ENVIRONMENT,
  identityId: IDENTITY,
  loginServer: "reg.azurecr.io",
  context: ".toolwharf/contexts/weather",
  dockerfile: ".toolwharf/contexts/weather/Dockerfile",
  buildArgs: { BASE_IMAGE: "python:3" },
  tag: "0123456789abcdef01234567",
  password: "token",
  command: ["gunicorn", "app:app"],
};

async function declare(args: Partial<ToolServerArgs> = {}, options: Parameters<typeof mockEngine>[0] = {}) {
  const mocked = await mockEngine(options);
  const server = new ToolServer("weather", { ...ARGS, ...args });
  await registered(mocked, server);
  return { mocked, server, app: () => mocked.find("azure-native:app:ContainerApp", "weather-app").inputs, image: () => mocked.find("docker:index/image:Image", "weather-image").inputs };
}

describe("a tool server", () => {
  test("is an image and an app", async () => {
    const { mocked } = await declare();
    expect(mocked.declared.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "toolwharf:index:ToolServer weather",
      "docker:index/image:Image weather-image",
      "azure-native:app:ContainerApp weather-app",
    ]);
  });

  test("has its environment, its secrets by reference, and tags that are never the program's own", async () => {
    const { server, app } = await declare({ environment: { LEVEL: "debug", API_KEY: "of the manifest" }, secrets: { API_KEY: "hidden" }, tags: { team: "rain", "toolwharf-stack": "forged" } });
    expect(plain(app().configuration)).toMatchObject({ secret: true, value: { secrets: [{ name: "api-key", value: "hidden" }] } });
    expect(app()).toMatchObject({
      template: { containers: [{ env: [{ name: "PORT", value: "8000" }, { name: "LEVEL", value: "debug" }, { name: "API_KEY", secretRef: "api-key" }] }] },
      tags: { team: "rain", "toolwharf-stack": "dev", "toolwharf-tool": "tools/weather" },
    });
    expect(await pulumi.isSecret(server.fqdn)).toBe(false);
  });

  test("is built to the stage that is asked for", async () => {
    expect((await declare({ target: "final" })).image().build).toMatchObject({ target: "final" });
    expect((await declare()).image().build).not.toHaveProperty("target");
  });

  test("runs by digest, behind HTTPS, pulled by an identity that it cannot use itself", async () => {
    const { app } = await declare();
    expect(app()).toEqual({
      containerAppName: "weather",
      resourceGroupName: "toolwharf-dev",
      location: "westeurope",
      environmentId: ENVIRONMENT,
      workloadProfileName: "Consumption",
      identity: { type: "UserAssigned", userAssignedIdentities: [IDENTITY] },
      configuration: {
        activeRevisionsMode: "Single",
        ingress: { external: true, targetPort: 8000, transport: "auto", allowInsecure: false },
        registries: [{ server: "reg.azurecr.io", identity: IDENTITY }],
        identitySettings: [{ identity: IDENTITY, lifecycle: "None" }],
      },
      template: {
        containers: [
          {
            name: "tool",
            image: DIGEST,
            command: ["gunicorn", "app:app"],
            env: [{ name: "PORT", value: "8000" }],
            resources: { cpu: 0.25, memory: "0.5Gi" },
            probes: [
              { type: "Startup", httpGet: { port: 8000, path: "/health", scheme: "HTTP" }, periodSeconds: 3, timeoutSeconds: 3, failureThreshold: 10 },
              { type: "Readiness", httpGet: { port: 8000, path: "/health", scheme: "HTTP" }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3, successThreshold: 1 },
              { type: "Liveness", httpGet: { port: 8000, path: "/health", scheme: "HTTP" }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
            ],
          },
        ],
        scale: { minReplicas: 0, maxReplicas: 10, rules: [{ name: "http", http: { metadata: { concurrentRequests: "100" } } }] },
      },
      tags: { "toolwharf-stack": "dev", "toolwharf-tool": "tools/weather" },
    });
  });

  test("mounts storages of the platform under Azure's names, one volume for each", async () => {
    const volumes = [{ storage: "data", mountPath: "/data" }, { storage: "data", mountPath: "/more" }, { storage: "books", mountPath: "/books" }];
    const { app } = await declare({ volumes, storages: pulumi.output({ data: "data-123abc", books: "books-456def" }) });
    expect(app()["template"]).toMatchObject({
      containers: [{ volumeMounts: [{ volumeName: "data", mountPath: "/data" }, { volumeName: "data", mountPath: "/more" }, { volumeName: "books", mountPath: "/books" }] }],
      volumes: [{ name: "data", storageType: "AzureFile", storageName: "data-123abc" }, { name: "books", storageType: "AzureFile", storageName: "books-456def" }],
    });
  });

  test("says where it is", async () => {
    const { server } = await declare();
    expect(await valueOf(pulumi.all({ url: server.url, fqdn: server.fqdn, image: server.image, revision: server.revision }))).toEqual({
      url: "https://weather.calmsea-01234567.westeurope.azurecontainerapps.io",
      fqdn: "weather.calmsea-01234567.westeurope.azurecontainerapps.io",
      image: DIGEST,
      revision: "weather--abc1234",
    });
  });

  test("follows its settings", async () => {
    const { app } = await declare({ cpu: 1, memory: "2Gi", minReplicas: 1, maxReplicas: 3, concurrentRequests: 5, targetPort: 9000, healthPath: "/up", startupSeconds: 100 });
    expect(app()).toMatchObject({
      configuration: { ingress: { targetPort: 9000 } },
      template: {
        containers: [{ env: [{ name: "PORT", value: "9000" }], resources: { cpu: 1, memory: "2Gi" }, probes: [{ httpGet: { port: 9000, path: "/up" }, periodSeconds: 10 }, {}, {}] }],
        scale: { minReplicas: 1, maxReplicas: 3, rules: [{ http: { metadata: { concurrentRequests: "5" } } }] },
      },
    });
  });

  test("has no command of its own when its image says what to run", async () => {
    const { app } = await declare({ command: undefined });
    expect((app().template as { containers: object[] }).containers[0]).not.toHaveProperty("command");
  });

  test.each([
    ["public" as const, { external: true }, undefined],
    ["internal" as const, { external: false }, undefined],
    ["ip-list" as const, { external: true }, [{ name: "allowed-1", ipAddressRange: "203.0.113.7/32", action: "Allow" }, { name: "allowed-2", ipAddressRange: "198.51.100.0/24", action: "Allow" }]],
  ])("access %s", async (access, ingress, restrictions) => {
    const { app } = await declare({ access, allowedIps: ["203.0.113.7", "198.51.100.0/24"] });
    const found = (app().configuration as { ingress: Record<string, unknown> }).ingress;
    expect(found).toMatchObject(ingress);
    expect(found.ipSecurityRestrictions).toEqual(restrictions);
  });

  test("of another group has another name, repository and claim", async () => {
    const { app, image } = await declare({ group: "sky" });
    expect(app()).toMatchObject({ containerAppName: expect.stringMatching(/^sky-weather-[0-9a-f]{8}$/), tags: { "toolwharf-tool": "sky/weather" } });
    expect(image().imageName).toBe("reg.azurecr.io/sky/weather:0123456789abcdef01234567");
  });
});

describe("its image", () => {
  test("is built for amd64 from the staged context and pushed with a secret password", async () => {
    const { image } = await declare();
    expect(image()).toEqual({
      imageName: "reg.azurecr.io/tools/weather:0123456789abcdef01234567",
      registry: expect.anything(),
      build: {
        context: ".toolwharf/contexts/weather",
        dockerfile: ".toolwharf/contexts/weather/Dockerfile",
        platform: "linux/amd64",
        builderVersion: "BuilderBuildKit",
        args: { BASE_IMAGE: "python:3", TOOLWHARF_GENERATION: expect.stringMatching(/^\d{4}-/) },
      },
      buildOnPreview: false,
      skipPush: false,
    });
    expect(plain(image().registry)).toEqual({
      secret: true,
      value: { server: "reg.azurecr.io", username: "00000000-0000-0000-0000-000000000000", password: "token" },
    });
  });

  test.each([
    [false, ["build.args.TOOLWHARF_GENERATION"]],
    [true, []],
  ])("that the registry lacks (%p) is built again: the generation is ignored unless so", async (missing, ignored) => {
    const mocked = await mockEngine();
    const seen: unknown[] = [];
    const watch: pulumi.ResourceTransformation = ({ type, opts }) => {
      if (type === "docker:index/image:Image") seen.push(opts.ignoreChanges);
      return undefined;
    };
    await registered(mocked, new ToolServer("weather", { ...ARGS, missing }, { transformations: [watch] }));
    expect(seen).toEqual([ignored]);
  });

  test("can be given by digest; then nothing is built", async () => {
    const { mocked, app } = await declare({ image: DIGEST });
    expect(mocked.ofType("docker:index/image:Image")).toEqual([]);
    expect(app()).toMatchObject({ template: { containers: [{ image: DIGEST }] } });
  });

  test("is unknown in a preview, and the app is declared all the same", async () => {
    const { app, server } = await declare({}, { preview: true });
    expect(app()).toMatchObject({ containerAppName: "weather", configuration: { ingress: { external: true } } });
    expect(app().template).toEqual({ __pulumiUnknown: true });
    expect(await valueOf(server.revision)).toBeUndefined();
  });
});

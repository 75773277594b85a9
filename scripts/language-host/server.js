import { aboutRuntime } from "./about.js";
import { installedPackages, pulumiPackages } from "./installed-packages.js";
import { HOST_VERSION } from "./version.js";

// The engine's own limit, instead of grpc-js' 4 MB: configuration travels in one message.
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves Pulumi's LanguageRuntime on a free loopback port. Methods that only generate or package SDKs are left
 * unimplemented, which the CLI reports by name.
 *
 * @param {{
 *   pulumi: import("./load-pulumi.js").Pulumi,
 *   runner: ReturnType<typeof import("./program-runner.js").createProgramRunner>,
 *   engineAddress: string,
 * }} options
 * @returns {Promise<number>} the port
 */
export function serve({ pulumi, runner, engineAddress }) {
  const { grpc, services, messages, plugin, empty } = pulumi;
  let engine = engineAddress;
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });

  /**
   * @param {(request: any, call: any) => any} handler
   * @returns {(call: any, callback: (error: unknown, response?: unknown) => void) => void}
   */
  const unary = (handler) => async (call, callback) => {
    try {
      callback(null, await handler(call.request, call));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };

  server.addService(services.LanguageRuntimeService, {
    handshake: unary((request) => {
      engine = request.getEngineAddress();
      return new messages.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(HOST_VERSION);
      return info;
    }),
    getRequiredPackages: unary((request) => {
      const response = new messages.GetRequiredPackagesResponse();
      for (const found of pulumiPackages(request.getInfo().getProgramDirectory())) {
        const dependency = new plugin.PackageDependency();
        dependency.setName(found.name);
        dependency.setKind("resource");
        dependency.setVersion(found.version);
        dependency.setServer(found.server);
        response.addPackages(dependency);
      }
      return response;
    }),
    getProgramDependencies: unary((request) => {
      const response = new messages.GetProgramDependenciesResponse();
      for (const { name, version } of installedPackages(request.getInfo().getProgramDirectory(), request.getTransitivedependencies())) {
        const dependency = new messages.DependencyInfo();
        dependency.setName(name);
        dependency.setVersion(version);
        response.addDependencies(dependency);
      }
      return response;
    }),
    about: unary((request) => {
      const { executable, version } = aboutRuntime(request.getInfo().getRootDirectory());
      const response = new messages.AboutResponse();
      response.setExecutable(executable);
      response.setVersion(version);
      return response;
    }),
    run: unary(async (request, call) => {
      call.on("cancelled", () => void runner.cancel());
      const { error, bail } = await runner.run(request, engine);
      const response = new messages.RunResponse();
      response.setError(error);
      response.setBail(bail);
      return response;
    }),
    cancel: unary(() => {
      void runner.cancel();
      return new empty.Empty();
    }),
  });

  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (/** @type {Error | null} */ error, /** @type {number} */ port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * The gRPC library and Pulumi's protocol, as installed for the program itself: the host brings no packages of its own,
 * so both ends always speak the same version.
 *
 * @param {readonly string[]} folders searched in order
 */
export function loadPulumi(folders) {
  for (const folder of folders) {
    const require = createRequire(join(folder, "package.json"));
    const sdk = resolveFrom(require, "@pulumi/pulumi/package.json");
    if (!sdk) continue;
    // grpc-js is a dependency of the SDK, and not always hoisted to where the program would find it.
    const requireOfSdk = createRequire(realpathSync(sdk));
    return {
      grpc: requireOfSdk("@grpc/grpc-js"),
      services: requireOfSdk("./proto/language_grpc_pb.js"),
      messages: requireOfSdk("./proto/language_pb.js"),
      plugin: requireOfSdk("./proto/plugin_pb.js"),
      empty: requireOfSdk("google-protobuf/google/protobuf/empty_pb.js"),
    };
  }
  throw new Error(`@pulumi/pulumi is not installed in ${folders.join(" or ")}; run npm ci there (or npm run quickstart)`);
}

/** @typedef {ReturnType<typeof loadPulumi>} Pulumi */

/**
 * @param {NodeJS.Require} require
 * @param {string} name
 */
function resolveFrom(require, name) {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

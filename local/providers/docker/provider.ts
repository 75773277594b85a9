import { NOT_EMULATED_PAGE } from "../../arm/errors.ts";
import { containsUnknown, isMap, reveal, Secret } from "../grpc/property-values.ts";
import { keepSecrets } from "../grpc/secrets.ts";
import { buildAndPush } from "./build-and-push.ts";
import { checkImage } from "./check.ts";
import { diffImage } from "./diff.ts";
import { imageInputs } from "./inputs.ts";
import type Docker from "dockerode";
import type { Provider, ResourceContext } from "../grpc/provider.ts";
import type { PropertyMap } from "../grpc/property-values.ts";

/** The version of `@pulumi/docker` whose behaviour is copied. */
const VERSION = "5.2.0";
const IMAGE = "docker:index/image:Image";
/** Where the provider keeps the inputs of the last build; secret as a whole. */
const BUILT_INPUTS = "__inputs";

export interface DockerProviderOptions {
  docker: Docker;
  /** Contexts and Dockerfiles are relative to it, as the engine starts a plugin in the project's folder. */
  projectFolder: string;
}

/** `docker.Image` of pulumi-docker 5, and nothing else of it. */
export function dockerProvider({ docker, projectFolder }: DockerProviderOptions): Provider {
  return {
    name: "docker",
    version: VERSION,

    configure: async () => {
      await docker.ping().catch(() => {
        throw new Error("failed to connect to any docker daemon");
      });
    },

    invoke: async (token) => {
      throw new Error(`Azure in miniature has no function '${token}'. See ${NOT_EMULATED_PAGE}`);
    },

    check: async ({ news }, context) => {
      requireImageType(context.type);
      return { inputs: await checkImage(projectFolder, news, context), failures: [] };
    },

    diff: async ({ oldOutputs, news }) => diffImage(builtInputs(oldOutputs), news),

    create: async ({ inputs, preview }, context) => {
      requireImageType(context.type);
      if (preview && !canBuildInPreview(inputs, context)) return { id: "", outputs: inputs };
      const outputs = await buildAndPush(docker, projectFolder, inputs, context, preview);
      return { id: String(outputs["imageName"]), outputs: checkpoint(outputs, inputs) };
    },

    update: async ({ inputs, preview }, context) => {
      if (preview && !canBuildInPreview(inputs, context)) return { outputs: inputs };
      return { outputs: checkpoint(await buildAndPush(docker, projectFolder, inputs, context, preview), inputs) };
    },

    // The registry is not asked: an image deleted there is not noticed here.
    read: async ({ id, oldInputs = {}, oldOutputs }) => ({ id, inputs: oldInputs, outputs: oldOutputs }),

    // Tags stay, here and in the registry, as the SDK's documentation says.
    delete: async () => undefined,
  };
}

function requireImageType(type: string): void {
  if (type !== IMAGE) throw new Error(`Azure in miniature has no resource type '${type}'. It has: ${IMAGE}. See ${NOT_EMULATED_PAGE}`);
}

function builtInputs(outputs: PropertyMap): PropertyMap {
  const inputs = reveal(outputs)[BUILT_INPUTS];
  return isMap(inputs) ? inputs : {};
}

function checkpoint(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  return { ...keepSecrets(outputs, inputs), [BUILT_INPUTS]: new Secret(reveal(inputs)) };
}

/** A preview builds only when it is asked to and everything that makes the image is known. */
function canBuildInPreview(inputs: PropertyMap, context: ResourceContext): boolean {
  if (!imageInputs(inputs).buildOnPreview) return false;
  const { build, imageName } = reveal(inputs);
  const parts = isMap(build) ? [build["dockerfile"], build["context"], build["args"], imageName] : undefined;
  if (parts !== undefined && !parts.some(containsUnknown)) return true;
  context.log(
    "warning",
    "Minimum inputs for build are unresolved. Continuing without preview image build. To avoid this warning, ensure image name, dockerfile, args, and context are resolved at preview.",
  );
  return false;
}

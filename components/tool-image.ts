import * as pulumi from "@pulumi/pulumi";
import { Image } from "@pulumi/docker/image.js";
import { TOKEN_USER } from "../azure/registry.ts";
import { PLATFORM } from "../recipes/runtimes.ts";
import { explainRefusedPush } from "./push-refusal.ts";
import type { RegistryPermissions } from "./settings.ts";

/** Build argument that no Dockerfile reads: a new value builds again and gives the same image. */
export const GENERATION = "TOOLWHARF_GENERATION";

export interface ToolImageArgs {
  /** A digest reference (`<login server>/<repository>@sha256:...`) to run as it is. Nothing is built; the other fields are then without effect. */
  image?: pulumi.Input<string>;
  /** Staged build context, relative to the project, so that every machine has the same path. */
  context?: string;
  /** Dockerfile, relative to the project. */
  dockerfile?: string;
  /** Build arguments. */
  buildArgs?: Record<string, string>;
  /** Stage of the Dockerfile. @default the last */
  target?: string;
  loginServer?: pulumi.Input<string>;
  /** `<group>/<tool>`. */
  repository?: string;
  /** The content hash: the same content has the same tag, and is not built again. */
  tag?: string;
  /** Which role pushes, for the message when it is missing. @default "legacy" */
  registryPermissions?: RegistryPermissions;
  /** Refresh token of the registry; a change alone changes nothing. */
  password?: pulumi.Input<string>;
  /**
   * The registry was asked and does not have the tag: build and push even if nothing changed since the last time.
   * @default false
   */
  missing?: boolean;
}

/**
 * A tool's image, built from a folder by `docker.Image` or given by digest. Not a resource of its own: the image is the
 * child of its tool, `<tool>-image`.
 */
export class ToolImage {
  /** `<login server>/<repository>@sha256:...`: what apps run. */
  readonly reference: pulumi.Output<string>;
  /** The tag that was built, which is not the one asked for when a targeted run leaves this image out. */
  readonly builtName: pulumi.Output<string>;

  constructor(name: string, args: ToolImageArgs, opts: pulumi.CustomResourceOptions) {
    if (args.image !== undefined) {
      this.reference = pulumi.output(args.image);
      this.builtName = this.reference;
      return;
    }
    const image = new Image(
      `${name}-image`,
      {
        imageName: imageName(args),
        registry: { server: args.loginServer!, username: TOKEN_USER, password: pulumi.secret(args.password ?? "") },
        build: {
          context: args.context,
          dockerfile: args.dockerfile,
          ...(args.target !== undefined && { target: args.target }),
          platform: PLATFORM,
          builderVersion: "BuilderBuildKit",
          args: { ...args.buildArgs, [GENERATION]: new Date().toISOString() },
        },
      },
      {
        ...opts,
        hooks: { onError: [explainRefusedPush(args.registryPermissions ?? "legacy")] },
        // docker.Image never asks the registry. Its state keeps the old generation, so that there is nothing to do,
        // unless the tag is gone: then the new one counts, and rests in the state until the next time.
        ignoreChanges: args.missing ? [] : [`build.args.${GENERATION}`],
      },
    );
    this.reference = image.repoDigest;
    this.builtName = image.imageName;
  }
}

/** `<login server>/<repository>:<tag>`. */
export function imageName({ loginServer, repository, tag }: Pick<ToolImageArgs, "loginServer" | "repository" | "tag">): pulumi.Output<string> {
  return pulumi.interpolate`${loginServer}/${repository}:${tag}`;
}

import { existsSync, rmSync } from "node:fs";
import { forgetRuns } from "../../automation/locks.ts";
import { findProject, type Project } from "../../automation/project.ts";
import { stackNames } from "../../automation/state-files.ts";
import { UserError } from "../../automation/user-error.ts";
import type { EngineUnavailable } from "../../builders/docker/engine.ts";
import { findMiniature, stopMiniature } from "../../local/control.ts";
import { layoutOf, type Layout } from "../../local/layout.ts";
import type { CommandOptions } from "../commands.ts";
import { say, type Terminal } from "../terminal.ts";
import { refuseDuringRuns } from "./running-stacks.ts";

/** In the order in which nothing is left that needs something gone: process, containers, state, engine. */
export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const project = findProject(process.cwd());
  refuseDuringRuns(project);
  const layout = layoutOf(project.folder);
  const instances = new Set([layout.instance, findMiniature(layout)?.instance ?? layout.instance]);
  const pid = await stopMiniature(layout);
  if (options.keep) {
    say(terminal, pid === undefined ? "the miniature was not running" : `stopped the miniature (pid ${pid}); its containers go on running`);
    return 0;
  }
  const { endLeftRegistries } = await import("../../local/registry/registry-host.ts");
  await endLeftRegistries(layout);
  const removed = [...(pid === undefined ? [] : [`process ${pid}`]), ...(await removeFromDocker(layout, instances)), ...removeState(project, layout)];
  removed.push(...(await stopEngine(project, terminal)));
  terminal.stdout.write(removed.length === 0 ? "there was nothing to remove\n" : `removed\n${removed.map((each) => `  ${each}\n`).join("")}`);
  return 0;
}

/** @throws UserError `DOCKER_UNREACHABLE` or `DOCKER_FORBIDDEN` if there may be containers that cannot be removed now */
async function removeFromDocker(layout: Layout, instances: Set<string>): Promise<string[]> {
  const [{ openEngine }, { removeGatewayImages }, { removeImages, removeLeftovers }, { openPorts }] = await Promise.all([
    import("../../builders/docker/engine.ts"),
    import("../../local/environments/gateway/image.ts"),
    import("../../local/leftovers.ts"),
    import("../../local/ports.ts"),
  ]);
  const docker = await openEngine().catch((error: EngineUnavailable) => {
    if (!existsSync(layout.documents)) return undefined;
    throw new UserError(error.code, "the containers of the miniature cannot be removed", {
      value: error.message,
      next: `${error.next}; then: toolwharf local down; or, if it is gone for good: rm -r ${layout.root}`,
    });
  });
  if (!docker) return [];
  const removed = (await Promise.all([...instances].map((instance) => removeLeftovers(docker, instance)))).flat();
  const registries = Object.entries(openPorts(layout.portsFile).all()).filter(([name]) => name.startsWith("registry"));
  return [...removed, ...(await removeGatewayImages(docker)), ...(await removeImages(docker, registries.map(([, port]) => port)))];
}

function removeState(project: Project, layout: Layout): string[] {
  const stacks = stackNames(project).map((name) => `stack ${name}`);
  const folders = [layout.root, project.state, project.stacks, project.contexts].filter((folder) => existsSync(folder));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  forgetRuns(project);
  return [...stacks, ...folders.map((folder) => `folder ${folder}`)];
}

type StopStartedEngine = (folder: string) => Promise<"none" | "stopped" | { inUse: string[] }>;

/** An engine that the set-up started for this project; any other is left alone. */
async function stopEngine(project: Project, terminal: Terminal): Promise<string[]> {
  if (!existsSync(project.engine)) return [];
  // Plain JavaScript, as the set-up runs before there is a Node that reads TypeScript.
  const { stopStartedEngine } = (await import(new URL("../../scripts/setup/engine/stop.js", import.meta.url).href)) as { stopStartedEngine: StopStartedEngine };
  const answer = await stopStartedEngine(project.engine);
  if (typeof answer === "object") {
    say(terminal, `the Docker engine that the set-up started goes on running, because of: ${answer.inUse.join(", ")}`);
    return [];
  }
  return answer === "stopped" ? ["the Docker engine that the set-up started"] : [];
}

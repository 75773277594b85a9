import type { Project } from "./project.ts";
import { platformOf, toolOf } from "./stack-names.ts";
import { readDeployment, stackNames, STACK_REFERENCE_TYPE, STACK_TYPE, type Deployment } from "./state-files.ts";

/** A stack as far as others care. */
export interface StackSummary {
  name: string;
  /** Resources other than the stack itself and its providers. */
  resources: number;
  /** Names of the stacks that its program reads outputs of. */
  refersTo: string[];
}

/** Every stack on the project's file backend, sorted by name. */
export function listStacks(project: Project): StackSummary[] {
  return stackNames(project).map((name) => summarize(name, readDeployment(project, name) ?? {}));
}

export function summarize(name: string, deployment: Deployment): StackSummary {
  const resources = (deployment.resources ?? []).filter(({ type }) => type !== STACK_TYPE && !type.startsWith("pulumi:providers:"));
  const references = resources.filter(({ type }) => type === STACK_REFERENCE_TYPE);
  return {
    name,
    resources: resources.length - references.length,
    // `organization/<project>/<stack>`
    refersTo: references.flatMap(({ id, inputs }) => String(inputs?.name ?? id ?? "").split("/").at(-1) || []),
  };
}

/** The tool stacks that would lose their ground with `platform`: they own something and read its outputs, or bear its name. */
export function dependentsOf(platform: string, stacks: StackSummary[]): StackSummary[] {
  return stacks.filter(
    ({ name, resources, refersTo }) =>
      name !== platform && resources > 0 && (refersTo.includes(platform) || (toolOf(name) !== undefined && platformOf(name) === platform)),
  );
}

import { armAddressOf, UNKNOWN } from "./arm-ids.ts";
import type { Deployment, ResourceState } from "./state-files.ts";

/** A resource that ARM has and the stack's state lacks. */
export interface Found {
  /** As the engine was about to create it. */
  resource: ResourceState;
  id: string;
  /** ARM's answer to a GET of the id. */
  document: Record<string, unknown>;
  /** Takes the place of a resource of the same name, which is then still to be deleted. */
  replaces: boolean;
}

/** What keeps the adopted resource from being taken for finished: the next `up` updates it, whatever its inputs are. */
export const ADOPTED = "adopted by toolwharf: the run that created this resource did not come to its end";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

/**
 * The deployment with the found resources in it and without pending operations. Everything else stays as it is.
 * A resource whose provider the state does not know is left out: nothing can have been created through it.
 */
export function adopt(deployment: Deployment, found: Found[]): { deployment: Deployment; adopted: string[] } {
  const resources = [...(deployment.resources ?? [])];
  const adopted: string[] = [];
  for (const { resource, id, document, replaces } of found) {
    const at = resources.findIndex(({ urn, delete: condemned }) => urn === resource.urn && !condemned);
    if (at >= 0 && (!replaces || resources[at]!.id === id)) continue;
    const before = resources.slice(0, at < 0 ? resources.length : at);
    const provider = knownProvider(resource.provider, before);
    if (!provider) continue;
    const state = adoptedState({ ...resource, provider }, id, document, new Set(before.map(({ urn }) => urn)));
    if (at >= 0) resources.splice(at, 1, state, { ...resources[at]!, delete: true });
    else resources.push(state);
    adopted.push(resource.urn);
  }
  const { pending_operations: _cleared, ...rest } = deployment;
  return { deployment: { ...rest, resources }, adopted };
}

/** Whether ARM's answer is a resource that this stack made: by its tag, or, where ARM keeps none, by its derived name. */
export function isOwn(type: string, document: Record<string, unknown>, stack: string): boolean {
  if (!armAddressOf(type)?.taggable) return true;
  return (document.tags as Record<string, string> | undefined)?.["toolwharf-stack"] === stack;
}

function adoptedState(resource: ResourceState, id: string, document: Record<string, unknown>, known: Set<string>): ResourceState {
  const inputs = knownInputs(resource.inputs ?? {}, document);
  const { outputs: _planned, dependencies, propertyDependencies, deletedWith, parent, ...rest } = resource;
  return {
    ...rest,
    custom: true,
    id,
    inputs,
    outputs: { ...inputs, id, name: document.name },
    ...(parent && known.has(parent) && { parent }),
    ...(deletedWith && known.has(deletedWith) && { deletedWith }),
    dependencies: (dependencies ?? []).filter((urn) => known.has(urn)),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies ?? {}).map(([key, urns]) => [key, (urns ?? []).filter((urn) => known.has(urn))]),
    ),
    initErrors: [ADOPTED],
  };
}

/** References look like `<urn>::<id>`; a plan may name another id than the state. */
function knownProvider(reference: string | undefined, resources: ResourceState[]): string | undefined {
  if (!reference) return undefined;
  const urn = reference.slice(0, reference.lastIndexOf("::"));
  const provider = resources.find((resource) => resource.urn === urn && !resource.delete);
  return provider && `${urn}::${provider.id}`;
}

/**
 * An input that is not known yet is taken from ARM where it stands under the same name: one that may not change
 * (an app's environment, an assignment's principal) would otherwise look added, and the resource would be replaced.
 */
function knownInputs(inputs: Record<string, unknown>, document: Record<string, unknown>): Record<string, unknown> {
  const properties = (document.properties ?? {}) as Record<string, unknown>;
  const known = Object.entries(inputs).map(([key, value]) => [key, withoutUnknown(value) ?? properties[key] ?? document[key]] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

/** Plans have placeholders for what is not known yet and for secrets; the update that follows brings the real values. */
function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknown).filter((each) => each !== undefined);
  if (typeof value === "string") return value.includes(UNKNOWN) || value === "[secret]" ? undefined : value;
  if (value === null || typeof value !== "object") return value;
  if (SIGNATURE_KEY in value) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, withoutUnknown(each)] as const)
      .filter(([, each]) => each !== undefined),
  );
}

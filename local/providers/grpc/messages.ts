import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { encodeProperties } from "./property-encoding.ts";
import type { AutoNaming, CheckFailure, Diff, DiffKind } from "./provider.ts";
import type { PropertyMap } from "./property-values.ts";

const { PropertyDiff, DiffResponse } = messages;

const KINDS: Record<DiffKind, number> = {
  "add": PropertyDiff.Kind.ADD,
  "add-replace": PropertyDiff.Kind.ADD_REPLACE,
  "delete": PropertyDiff.Kind.DELETE,
  "delete-replace": PropertyDiff.Kind.DELETE_REPLACE,
  "update": PropertyDiff.Kind.UPDATE,
  "update-replace": PropertyDiff.Kind.UPDATE_REPLACE,
};

export function toCheckResponse(result: { inputs: PropertyMap; failures: CheckFailure[] }): InstanceType<typeof messages.CheckResponse> {
  const response = new messages.CheckResponse();
  response.setInputs(encodeProperties(result.inputs));
  for (const failure of result.failures) {
    const message = new messages.CheckFailure();
    message.setProperty(failure.property);
    message.setReason(failure.reason);
    response.addFailures(message);
  }
  return response;
}

export function toDiffResponse(diff: Diff): InstanceType<typeof DiffResponse> {
  const response = new DiffResponse();
  response.setChanges(diff.changes === "some" ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(diff.deleteBeforeReplace);
  for (const [path, kind] of Object.entries(diff.detailed)) {
    const property = new PropertyDiff();
    property.setKind(KINDS[kind] as 0);
    property.setInputdiff(true);
    response.getDetaileddiffMap().set(path, property);
    if (kind.endsWith("-replace")) response.addReplaces(path);
  }
  // Every top-level property named here has a path in the detailed diff and the other way round.
  response.setDiffsList([...new Set(Object.keys(diff.detailed).map((path) => path.split(/[.[]/, 1)[0] as string))]);
  return response;
}

export function toAutoNaming(options: InstanceType<typeof messages.CheckRequest.AutonamingOptions> | undefined): AutoNaming | undefined {
  if (options === undefined) return undefined;
  const { Mode } = messages.CheckRequest.AutonamingOptions;
  const modes = { [Mode.PROPOSE]: "propose", [Mode.ENFORCE]: "enforce", [Mode.DISABLE]: "disable" } as const;
  return { proposedName: options.getProposedName(), mode: modes[options.getMode()] };
}

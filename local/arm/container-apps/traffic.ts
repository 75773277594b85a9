import { ArmError } from "../errors.ts";
import { isEmpty, objectsOf, present, type JsonObject } from "../json.ts";
import { MAX_HOST_LABEL_CHARACTERS, MAX_REVISION_NAME_CHARACTERS, REVISION_LABEL, REVISION_SUFFIX } from "./constants.ts";
import { invalidParameter, invalidValue } from "./errors.ts";
import type { RevisionsMode } from "./ingress.ts";

const ALL_TO_LATEST = [{ weight: 100, latestRevision: true }];
const WHOLE_PERCENT = 100;

/** What entries of the traffic may refer to. */
export interface TrafficTargets {
  app: string;
  /** Of the revisions that exist, and of the one that this request makes, if it names it. */
  revisionNames: string[];
  /** The traffic as it was before this request: it says which revision has which label. */
  before: JsonObject[];
}

/** Who gets which share of the requests; without any, the latest revision that is ready gets all. */
export function acceptTraffic(traffic: unknown, mode: RevisionsMode, targets: TrafficTargets): JsonObject[] {
  const given = objectsOf(traffic);
  if (given.length === 0) return ALL_TO_LATEST;
  if (mode === "Single") {
    const [only] = given;
    if (given.length === 1 && only!["latestRevision"] === true && (only!["weight"] ?? WHOLE_PERCENT) === WHOLE_PERCENT && isEmpty(only!["label"])) return ALL_TO_LATEST;
    throw invalidParameter("Traffic weights can only be set when the active revisions mode is Multiple.");
  }
  const entries = given.map((entry) => acceptEntry(entry, targets));
  const labels = entries.map(({ label }) => label).filter((label) => label !== undefined);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) throw invalidParameter(`The label '${twice}' is given twice. A label can only be applied to one revision.`);
  if (entries.filter(({ latestRevision }) => latestRevision === true).length > 1) throw invalidParameter("At most one traffic weight can have latestRevision: true.");
  const sum = entries.reduce((total, { weight }) => total + Number(weight), 0);
  if (sum !== WHOLE_PERCENT) throw invalidParameter(`The traffic weights add up to ${sum}. They must add up to ${WHOLE_PERCENT}.`);
  return entries;
}

function acceptEntry({ revisionName, latestRevision, weight, label }: JsonObject, targets: TrafficTargets): JsonObject {
  const labelled = isEmpty(label) ? undefined : checkLabel(String(label), targets.app);
  // A label without a share is a way to try a revision out; its entry needs no weight.
  const share = weight ?? (labelled === undefined ? undefined : 0);
  if (typeof share !== "number" || share < 0 || share > WHOLE_PERCENT) {
    throw invalidParameter(`The traffic weight '${weight ?? ""}' is invalid. It must be in the range of [0,${WHOLE_PERCENT}].`);
  }
  const latest = latestRevision === true;
  if (latest && !isEmpty(revisionName)) throw invalidParameter("Each traffic weight must have either a revisionName or latestRevision: true.");
  if (latest) return present({ latestRevision: true, weight: share, label: labelled });
  if (!isEmpty(revisionName)) {
    checkRevision(String(revisionName), targets);
    return present({ revisionName, weight: share, label: labelled });
  }
  if (labelled === undefined) throw invalidParameter("Each traffic weight must have either a revisionName or latestRevision: true.");
  const known = targets.before.find((entry) => entry["label"] === labelled);
  if (!known) throw invalidParameter(`The label '${labelled}' of the traffic weights does not exist in container app '${targets.app}'.`);
  return present({ revisionName: known["revisionName"], latestRevision: known["latestRevision"], weight: share, label: labelled });
}

function checkRevision(revisionName: string, { app, revisionNames }: TrafficTargets): void {
  const prefix = `${app}--`;
  if (!revisionName.startsWith(prefix)) throw invalidRevisionName(revisionName);
  if (revisionNames.includes(revisionName)) return;
  throw invalidParameter(`The revision '${revisionName}' of the traffic weights does not exist in container app '${app}'.`);
}

function checkLabel(label: string, app: string): string {
  const most = MAX_HOST_LABEL_CHARACTERS - app.length - "---".length;
  if (REVISION_LABEL.test(label) && label.length <= most) return label;
  throw invalidValue(
    "traffic.label",
    label,
    "A value must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character " +
      `and cannot have '--'. The length must not be more than ${most} characters, so that '${app}---<label>' is a host name.`,
  );
}

/** The suffix that the user chose; empty when the service is to choose one. */
export function checkRevisionSuffix(suffix: unknown, app: string): string {
  if (isEmpty(suffix)) return "";
  const text = String(suffix);
  if (REVISION_SUFFIX.test(text) && app.length + text.length <= MAX_REVISION_NAME_CHARACTERS) return text;
  throw invalidRevisionName(text);
}

function invalidRevisionName(value: string): ArmError {
  return new ArmError(
    "ContainerAppInvalidRevisionName",
    `Revision name has an invalid value '${value}'. A revision name must consist of lower case alphanumeric characters or '-', ` +
      "start with an alphabetic character, and end with an alphanumeric character. " +
      `The length of the revision name must not be more than a combined ${MAX_REVISION_NAME_CHARACTERS} characters with the container app name.`,
  );
}

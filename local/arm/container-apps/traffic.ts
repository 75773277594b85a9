import { ArmError, notEmulated } from "../errors.ts";
import { isEmpty, objectsOf, type JsonObject } from "../json.ts";
import { MAX_REVISION_NAME_CHARACTERS, REVISION_SUFFIX } from "./constants.ts";
import { invalidParameter } from "./errors.ts";
import type { RevisionsMode } from "./ingress.ts";

const ALL_TO_LATEST = [{ weight: 100, latestRevision: true }];
const WHOLE_PERCENT = 100;

/** Who gets which share of the requests; without any, the latest revision that is ready gets all. */
export function acceptTraffic(traffic: unknown, mode: RevisionsMode, app: string, revisionNames: string[]): JsonObject[] {
  const given = objectsOf(traffic);
  if (given.length === 0) return ALL_TO_LATEST;
  if (mode === "Single") {
    const [only] = given;
    if (given.length === 1 && only!["latestRevision"] === true && (only!["weight"] ?? WHOLE_PERCENT) === WHOLE_PERCENT) return ALL_TO_LATEST;
    throw invalidParameter("Traffic weights can only be set when the active revisions mode is Multiple.");
  }
  let sum = 0;
  for (const { revisionName, latestRevision, weight, label } of given) {
    if (!isEmpty(label)) throw notEmulated("labels of revisions (ingress.traffic.label)");
    if (typeof weight !== "number" || weight < 0 || weight > WHOLE_PERCENT) {
      throw invalidParameter(`The traffic weight '${weight ?? ""}' is invalid. It must be in the range of [0,${WHOLE_PERCENT}].`);
    }
    if ((latestRevision === true) === !isEmpty(revisionName)) {
      throw invalidParameter("Each traffic weight must have either a revisionName or latestRevision: true.");
    }
    if (!isEmpty(revisionName)) checkRevision(String(revisionName), app, revisionNames);
    sum += weight;
  }
  if (sum !== WHOLE_PERCENT) throw invalidParameter(`The traffic weights add up to ${sum}. They must add up to ${WHOLE_PERCENT}.`);
  return given;
}

function checkRevision(revisionName: string, app: string, revisionNames: string[]): void {
  const prefix = `${app}--`;
  if (!revisionName.startsWith(prefix)) throw invalidRevisionName(revisionName);
  if (revisionNames.includes(revisionName)) return;
  throw invalidParameter(`The revision '${revisionName}' of the traffic weights does not exist in container app '${app}'.`);
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

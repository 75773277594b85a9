import { notEmulated } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";

/** `properties/active eq true`, `runningState ne 'Running'`, `trafficWeight eq 100` */
const CLAUSE = /^\s*(?:properties\/)?(name|active|healthState|provisioningState|runningState|trafficWeight|replicas)\s+(eq|ne)\s+('(?:[^']|'')*'|true|false|\d+)\s*$/i;
const EXAMPLE = "properties/active eq true and runningState ne 'Failed'";

/**
 * The `$filter` of a list of revisions: `eq` and `ne` on name, active, healthState, provisioningState, runningState, trafficWeight
 * and replicas, joined by `and`. Azure's reference names the parameter and no grammar; OData's is assumed.
 * @throws ArmError `NotEmulated` for anything else
 */
export function parseRevisionFilter(filter: string | null): (revision: ArmDocument) => boolean {
  if (!filter) return () => true;
  const tests = filter.split(/\sand\s/i).map((clause) => {
    const found = CLAUSE.exec(clause);
    if (!found) throw notEmulated(`the $filter "${filter}" of revisions`, `It knows "${EXAMPLE}" and the like.`);
    const [, property, operator, literal] = found as unknown as [clause: string, property: string, operator: string, literal: string];
    const wanted = literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : literal;
    const isWanted = operator.toLowerCase() === "eq";
    return (revision: ArmDocument) => (String(valueOf(revision, property)).toLowerCase() === wanted.toLowerCase()) === isWanted;
  });
  return (revision) => tests.every((test) => test(revision));
}

function valueOf({ name, properties }: ArmDocument, property: string): unknown {
  if (property.toLowerCase() === "name") return name;
  const key = Object.keys(properties).find((each) => each.toLowerCase() === property.toLowerCase());
  return key === undefined ? undefined : properties[key];
}

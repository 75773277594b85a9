import { expect, test } from "@jest/globals";
import { parseRevisionFilter } from "../../../local/arm/container-apps/revision-filter.ts";

const revision = (name: string, properties: Record<string, unknown>) => ({ id: name, name, type: "", properties });
const ALL = [
  revision("a--1", { active: false, trafficWeight: 0, runningState: "Stopped", healthState: "None", provisioningState: "Provisioned", replicas: 0 }),
  revision("a--2", { active: true, trafficWeight: 100, runningState: "Running", healthState: "Healthy", provisioningState: "Provisioned", replicas: 2 }),
];
const names = (filter: string | null) => ALL.filter(parseRevisionFilter(filter)).map(({ name }) => name);

test.each<[string | null, string[]]>([
  [null, ["a--1", "a--2"]],
  ["properties/active eq true", ["a--2"]],
  ["active eq false", ["a--1"]],
  ["Properties/Active EQ True", ["a--2"]],
  ["runningState ne 'Stopped'", ["a--2"]],
  ["trafficWeight eq 100", ["a--2"]],
  ["name eq 'a--1'", ["a--1"]],
  ["provisioningState eq 'provisioned' and replicas eq 0", ["a--1"]],
  ["active eq true and replicas eq 0", []],
])("%s", (filter, found) => expect(names(filter)).toEqual(found));

test.each(["startswith(name, 'a')", "active eq true or replicas eq 0", "fqdn eq 'x'", "replicas gt 1", "active"])("%s is refused by name", (filter) => {
  expect(() => names(filter)).toThrow(expect.objectContaining({ code: "NotEmulated", message: expect.stringContaining(filter) }));
});

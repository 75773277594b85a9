import { expect, test } from "@jest/globals";
import { untilKnownEverywhere } from "../../components/role-propagation.ts";
import { fakeClock } from "../azure/fake-clock.ts";

const NOW = Date.parse("2026-05-01T12:00:00Z");

test.each([
  ["2026-05-01T12:00:00Z", [120_000]],
  ["2026-05-01T11:58:30.5Z", [30_500]],
  ["2026-05-01T11:58:00Z", []],
  ["2020-01-01T00:00:00Z", []],
  // A clock that is behind Azure's.
  ["2026-05-01T13:00:00Z", [120_000]],
  ["not a time", []],
  [undefined, []],
])("a role of %s is waited for: %j", async (createdOn, pauses) => {
  const clock = fakeClock();
  clock.pass(NOW);
  const said: number[] = [];
  await untilKnownEverywhere(createdOn, { seconds: 120, clock, say: (seconds) => said.push(seconds) });
  expect(clock.pauses).toEqual(pauses);
  expect(said).toEqual(pauses.map((each) => Math.ceil(each / 1000)));
});

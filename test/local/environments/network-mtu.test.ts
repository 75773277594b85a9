import { expect, test } from "@jest/globals";
import { smallest } from "../../../local/environments/network-mtu.ts";

test.each([
  [[1400, undefined], 1400],
  [[Number.NaN, 1280], 1280],
  [[9000, 9000], 1500],
  [[undefined, undefined], 1500],
  [[0, 1450], 1450],
])("of %j the packets' size is %i", (candidates, mtu) => {
  expect(smallest(...candidates)).toBe(mtu);
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { linkLocalAddress } from "../../../local/environments/link-local.ts";

test("a container's link-local address is always the same, valid, and none that clouds use", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const [first, second, third, fourth] = linkLocalAddress(name).split(".").map(Number);
      expect([first, second]).toEqual([169, 254]);
      expect(third).toBeGreaterThan(0);
      expect(third).toBeLessThan(169);
      expect(fourth).toBeGreaterThan(0);
      expect(fourth).toBeLessThan(255);
      expect(linkLocalAddress(name)).toBe(linkLocalAddress(name));
    }),
  );
});

import { expect, test } from "@jest/globals";
import { outgoingMtu } from "../../../../scripts/setup/engine/mtu.js";

const ROUTES = "Iface\tDestination\tGateway\tFlags\ndocker0\t000011AC\t00000000\t0001\neth0\t00000000\t010200C0\t0003\n";

test("is that of the interface behind the default route", () => {
  const files: Record<string, string> = { "/proc/net/route": ROUTES, "/sys/class/net/eth0/mtu": "1400\n", "/sys/class/net/docker0/mtu": "1500\n" };
  expect(outgoingMtu({ read: (file: string) => files[file] ?? "" })).toBe(1400);
});

test("is Docker's default where no route leads out", () => {
  expect(outgoingMtu({ read: () => "Iface\tDestination\n" })).toBe(1500);
});

test("is Docker's default on a machine that has no such files", () => {
  expect(outgoingMtu({ read: () => { throw new Error("ENOENT"); } })).toBe(1500);
});

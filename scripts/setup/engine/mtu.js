import { readFileSync } from "node:fs";

/**
 * The packet size of the interface that leads out. A container network with a larger one loses big packets on the
 * way, and downloads in builds hang.
 *
 * @param {{ read?: (file: string) => string }} [options]
 * @returns {number} in bytes; Docker's own default where there is no default route
 */
export function outgoingMtu({ read = (file) => readFileSync(file, "utf8") } = {}) {
  try {
    const interfaceName = defaultInterface(read("/proc/net/route"));
    return interfaceName ? Number(read(`/sys/class/net/${interfaceName}/mtu`)) : 1500;
  } catch {
    return 1500;
  }
}

/** @param {string} table `/proc/net/route`: interface, destination, gateway ... in hexadecimal */
function defaultInterface(table) {
  const rows = table.split("\n").map((line) => line.split(/\s+/));
  return rows.find(([, destination]) => destination === "00000000")?.[0];
}

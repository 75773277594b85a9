import { existsSync } from "node:fs";

/** Whether systemd runs this machine's services (it does not in most containers). */
export function hasSystemd() {
  return existsSync("/run/systemd/system");
}

import { createHash } from "node:crypto";
import { join, resolve } from "node:path";

/** Every file and folder of the miniature, from the project's folder. */
export interface Layout {
  project: string;
  /** `.toolwharf/local`: all state of the miniature; removing it (daemon stopped) is a clean start. */
  root: string;
  connectionFile: string;
  lockFile: string;
  logFile: string;
  portsFile: string;
  documents: string;
  certificates: string;
  registries: string;
  appLogs: string;
  /** Sockets for the environments' gateways. */
  gateways: string;
  callerTokenFile: string;
  instance: string;
}

export function layoutOf(project: string): Layout {
  const root = join(resolve(project), ".toolwharf", "local");
  return {
    project: resolve(project),
    root,
    connectionFile: join(root, "connection.json"),
    lockFile: join(root, "daemon.lock"),
    logFile: join(root, "daemon.log"),
    portsFile: join(root, "ports.json"),
    documents: join(root, "documents"),
    certificates: join(root, "certificates"),
    registries: join(root, "registries"),
    appLogs: join(root, "app-logs"),
    gateways: join(root, "gateways"),
    callerTokenFile: join(root, "caller-token"),
    instance: createHash("sha256").update(root).digest("hex").slice(0, 8),
  };
}

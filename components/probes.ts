import type { app } from "@pulumi/azure-native/types/input.js";

/** Failures in a row before a start counts as failed; Azure allows 1 to 10 (Azure docs, health probes). */
const STARTUP_THRESHOLD = 10;

/**
 * The three probes of a tool, all HTTP GET on its health path. Readiness is what moves traffic to a new revision;
 * liveness begins when the startup probe has succeeded.
 *
 * @param options.startupSeconds how long a start may take, 10 to 2400: 10 tries, a tenth of it apart
 */
export function probesOf({ port, path, startupSeconds }: { port: number; path: string; startupSeconds: number }): app.ContainerAppProbeArgs[] {
  const httpGet = { port, path, scheme: "HTTP" };
  return [
    { type: "Startup", httpGet, periodSeconds: Math.ceil(startupSeconds / STARTUP_THRESHOLD), timeoutSeconds: 3, failureThreshold: STARTUP_THRESHOLD },
    { type: "Readiness", httpGet, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3, successThreshold: 1 },
    { type: "Liveness", httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
  ];
}

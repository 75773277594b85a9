import { PROBE_DEFAULTS } from "../arm/container-apps/constants.ts";
/** A probe as ARM has it in `template.containers[].probes[]`. */
export interface ProbeSettings {
  type?: string;
  httpGet?: { path?: string; port: number; scheme?: string; httpHeaders?: Array<{ name: string; value: string }> } | null;
  tcpSocket?: { port: number } | null;
  initialDelaySeconds?: number | null;
  periodSeconds?: number | null;
  timeoutSeconds?: number | null;
  failureThreshold?: number | null;
  successThreshold?: number | null;
}

export type ProbeKind = "Startup" | "Readiness" | "Liveness";

export interface Probe {
  kind: ProbeKind;
  port: number;
  /** Absent: a connection is enough. */
  http?: { path: string; secure: boolean; headers: Record<string, string> };
  initialDelaySeconds: number;
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
  successThreshold: number;
}

/**
 * Azure docs, "Health probes", default configuration: what an app with ingress gets for each type that it leaves out, by TCP on
 * the target port. (The limits of user-given values do not bind these.)
 */
const WITH_INGRESS: Record<ProbeKind, typeof PROBE_DEFAULTS> = {
  Startup: { initialDelaySeconds: 1, periodSeconds: 1, timeoutSeconds: 3, failureThreshold: 240, successThreshold: 1 },
  Readiness: { initialDelaySeconds: 3, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 48, successThreshold: 1 },
  Liveness: PROBE_DEFAULTS,
};

/** The probes of a container. @param targetPort of its ingress, when it has one */
export function probesOf(settings: ProbeSettings[], targetPort: number | undefined): Probe[] {
  const given = settings.flatMap((each) => read(each) ?? []);
  if (targetPort === undefined) return given;
  const missing = (Object.keys(WITH_INGRESS) as ProbeKind[]).filter((kind) => !given.some((probe) => probe.kind === kind));
  return [...given, ...missing.map((kind) => ({ kind, port: targetPort, ...WITH_INGRESS[kind] }))];
}

function read(settings: ProbeSettings): Probe | undefined {
  const kind = (["Startup", "Readiness", "Liveness"] as const).find((each) => each.toLowerCase() === settings.type?.toLowerCase());
  const port = settings.httpGet?.port ?? settings.tcpSocket?.port;
  if (!kind || !port) return undefined;
  const { httpGet } = settings;
  return {
    kind,
    port,
    ...(httpGet && {
      http: {
        path: httpGet.path || "/",
        secure: httpGet.scheme?.toUpperCase() === "HTTPS",
        headers: {
          ...Object.fromEntries((httpGet.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value])),
        },
      },
    }),
    initialDelaySeconds: settings.initialDelaySeconds ?? PROBE_DEFAULTS.initialDelaySeconds,
    periodSeconds: settings.periodSeconds ?? PROBE_DEFAULTS.periodSeconds,
    timeoutSeconds: settings.timeoutSeconds ?? PROBE_DEFAULTS.timeoutSeconds,
    failureThreshold: settings.failureThreshold ?? PROBE_DEFAULTS.failureThreshold,
    successThreshold: settings.successThreshold ?? PROBE_DEFAULTS.successThreshold,
  };
}

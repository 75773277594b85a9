import * as pulumi from "@pulumi/pulumi";
import type { ArmReader, ContainerAppDocument, RevisionDocument } from "../azure/arm-reader.ts";
import type { Http } from "../azure/http.ts";
import { askEndpoint } from "./endpoint-check.ts";
import type { Clock } from "./endpoint-check.ts";
import { Failure } from "./failure.ts";
import { endpointUrl } from "./naming.ts";
import type { ToolSettings } from "./tool-settings.ts";
import { gatherEvidence } from "./verdict-evidence.ts";
import { notReady } from "./verdict-report.ts";
import type { VerifiedRevisions } from "./verified-revisions.ts";

/** A tool that this run deployed, or left as it was. */
export interface Candidate {
  tool: string;
  folder: string;
  appId: string;
  appName: string;
  resourceGroupName: string;
  settings: ToolSettings;
}

export interface VerdictOptions {
  arm: ArmReader;
  http: Http;
  verified: VerifiedRevisions;
  /** Seconds; a tool that may take longer to start is given its `startupSeconds` and half a minute. */
  readyTimeoutSeconds: number;
  /** Port of the ingress. */
  ingressPort: number;
  clock: Clock;
}

/** Longest pause between two looks; the first ones are shorter. */
const LONGEST_PAUSE_MS = 2_000;

/** A replica that is being replaced looks lost for a moment. */
const LOST_MS = 2_000;

/**
 * Whether a deployment has succeeded: the latest revision is the ready one and runs, or rests scaled to zero. ARM's
 * "Succeeded" says less. Looks until that is so, or lost, or the time is over. A revision never asked before is also
 * asked over HTTPS, if that is open to everybody and would wake nothing.
 *
 * @returns the failure; undefined: ready, or there is no such app
 */
export async function judge(candidate: Candidate, options: VerdictOptions): Promise<Failure | undefined> {
  const { arm, clock, readyTimeoutSeconds } = options;
  const began = clock.now();
  const end = began + 1000 * Math.max(readyTimeoutSeconds, candidate.settings.startupSeconds + 30);
  let lostSince: number | undefined;

  for (let pause = 100; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const app = await arm.containerApp(candidate.appId);
    if (!app) return undefined;
    const { provisioningState, latestRevisionName: latest, latestReadyRevisionName: ready } = app.properties;
    if (provisioningState === "Failed" || provisioningState === "Canceled") return operationFailed(candidate, app);
    const revision = latest === undefined ? undefined : await arm.revision(candidate.appId, latest);
    const lost = revision !== undefined && isLost(revision);
    if (revision && latest === ready && provisioningState === "Succeeded" && !lost) return askOnce(candidate, revision, options);

    lostSince = lost ? (lostSince ?? clock.now()) : undefined;
    if (clock.now() >= end || (lostSince !== undefined && clock.now() - lostSince >= LOST_MS)) {
      const evidence = await gatherEvidence(arm, candidate.appId, revision ?? { name: latest ?? "(none)", properties: {} });
      const waitedSeconds = Math.round((clock.now() - began) / 1000);
      return notReady({ ...candidate, revision: latest ?? "(none)", ...(ready !== undefined && { serving: ready }), waitedSeconds, evidence });
    }
    await clock.sleep(pause);
  }
}

function isLost({ properties }: RevisionDocument): boolean {
  return properties.provisioningState === "Failed" || properties.runningState === "Failed";
}

/** Another run, or somebody else, left the app like this; the engine does not see it without a refresh. */
function operationFailed({ tool, appName }: Candidate, app: ContainerAppDocument): Failure {
  return new Failure("APP_NOT_PROVISIONED", `${tool}: the last operation on the container app ${appName} did not succeed`, {
    value: `provisioningState ${app.properties.provisioningState}`,
    serving: app.properties.latestReadyRevisionName ?? "no revision of it",
    next: "pulumi refresh (toolwharf refresh), then run the same command again",
  });
}

async function askOnce({ tool, folder, appId, settings }: Candidate, revision: RevisionDocument, options: VerdictOptions): Promise<Failure | undefined> {
  const { http, verified, ingressPort, clock } = options;
  const { fqdn, replicas } = revision.properties;
  if (settings.access !== "public" || replicas === 0 || !fqdn || verified.has(appId, revision.name)) return undefined;
  const url = `${endpointUrl(fqdn, ingressPort)}${settings.healthPath}`;
  const answer = await askEndpoint(http, url, clock);
  if (answer.kind === "answered") {
    verified.add(appId, revision.name);
    return undefined;
  }
  if (answer.kind === "unreachable") {
    await pulumi.log.warn(`${tool}: revision ${revision.name} is ready, but could not be asked from this machine: ${answer.reason}`);
    return undefined;
  }
  return new Failure("ENDPOINT_WRONG", `${tool}: revision ${revision.name} is ready, but its endpoint does not answer as it should`, {
    asked: `GET ${url}; 200 to 399 is right`,
    answered: answer.answer,
    next: `look at ${folder}, at toolwharf:trustedCaFile and toolwharf:ingressPort, then run the same command again`,
  });
}

import * as pulumi from "@pulumi/pulumi";
import type { ArmReader, ContainerAppDocument, RevisionDocument } from "../azure/arm-reader.ts";
import type { Clock } from "../azure/clock.ts";
import type { Http } from "../azure/http.ts";
import { askEndpoint } from "./endpoint-check.ts";
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
  /** Digest reference that this run deployed. */
  image: string;
  settings: ToolSettings;
}

export interface VerdictOptions {
  arm: ArmReader;
  http: Http;
  verified: VerifiedRevisions;
  /** Seconds; a tool that may take longer to start is given its `startupSeconds` and half a minute. */
  readyTimeoutSeconds: number;
  /** Seconds; a replica that is being replaced looks lost for a moment. */
  lostSeconds: number;
  /** How many tools are judged at once: all together ask ARM no more often than ten times a second. */
  tools: number;
  /** Port of the ingress. */
  ingressPort: number;
  clock: Clock;
}

/** Longest pause between two looks; the first ones are shorter. */
const LONGEST_PAUSE_MS = 2_000;

/**
 * Whether a deployment has succeeded: the latest revision is the ready one, has the image of this run and runs, or rests
 * scaled to zero. ARM's "Succeeded" says less. Looks until that is so, or lost, or the time is over. A revision never asked before is also
 * asked over HTTPS, if that is open to everybody and would wake nothing.
 *
 * @returns the failure; undefined: ready
 */
export async function judge(candidate: Candidate, options: VerdictOptions): Promise<Failure | undefined> {
  const { arm, clock, readyTimeoutSeconds, lostSeconds, tools } = options;
  const shortestPause = 100 * tools;
  const began = clock.now();
  const end = began + 1000 * Math.max(readyTimeoutSeconds, candidate.settings.startupSeconds + 30);
  let lostSince: number | undefined;

  for (let pause = 100; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const app = await arm.containerApp(candidate.appId);
    if (!app) return appMissing(candidate);
    const { provisioningState, latestRevisionName: latest, latestReadyRevisionName: ready } = app.properties;
    if (provisioningState === "Failed" || provisioningState === "Canceled") return operationFailed(candidate, app);
    const revision = latest === undefined ? undefined : await arm.revision(candidate.appId, latest);
    const settled = revision !== undefined && latest === ready && provisioningState === "Succeeded";
    const other = settled ? otherImage(candidate, revision) : undefined;
    const lost = revision !== undefined && (isLost(revision) || other !== undefined);
    if (settled && !lost) return askOnce(candidate, revision, options);

    lostSince = lost ? (lostSince ?? clock.now()) : undefined;
    if (clock.now() >= end || (lostSince !== undefined && clock.now() - lostSince >= 1000 * lostSeconds)) {
      if (other !== undefined) return otherDeployed(candidate, revision!, other);
      const evidence = await gatherEvidence(arm, candidate.appId, revision ?? { name: latest ?? "(none)", properties: {} });
      const waitedSeconds = Math.round((clock.now() - began) / 1000);
      return notReady({ ...candidate, revision: latest ?? "(none)", ...(ready !== undefined && { serving: ready }), waitedSeconds, evidence });
    }
    await clock.sleep(Math.max(pause, shortestPause));
  }
}

/** The engine's state has it, and it was deleted behind the engine's back. */
function appMissing({ tool, appName, resourceGroupName }: Candidate): Failure {
  return new Failure("APP_MISSING", `${tool}: the container app ${appName} is not in Azure any more`, {
    value: `resource group ${resourceGroupName}`,
    next: "pulumi refresh (toolwharf refresh), then run the same command again",
  });
}

function isLost({ properties }: RevisionDocument): boolean {
  return properties.provisioningState === "Failed" || properties.runningState === "Failed" || properties.runningState === "ActivationFailed";
}

/** What runs instead of what this run deployed. */
function otherImage({ image }: Candidate, { properties }: RevisionDocument): string | undefined {
  const running = properties.template?.containers?.[0]?.image;
  return running === image ? undefined : running;
}

/** Somebody deployed beside the engine, which keeps what it was told itself until a refresh. */
function otherDeployed({ tool, image }: Candidate, { name }: RevisionDocument, running: string): Failure {
  return new Failure("OTHER_DEPLOYED", `${tool}: something else than this stack declares was deployed`, {
    value: `revision ${name} runs ${running}`,
    allowed: image,
    next: "pulumi refresh (toolwharf refresh), then run the same command again",
  });
}

/** Another run, or somebody else, left the app like this. Only a new PUT mends it, and the engine sends none for what did not change. */
function operationFailed({ tool, folder, appName, resourceGroupName }: Candidate, app: ContainerAppDocument): Failure {
  return new Failure("APP_NOT_PROVISIONED", `${tool}: the last operation on the container app ${appName} did not succeed`, {
    value: `provisioningState ${app.properties.provisioningState}`,
    serving: app.properties.latestReadyRevisionName ?? "no revision of it",
    next: `change something in ${folder} or in its settings, then run the same command again; without a change: az containerapp update --name ${appName} --resource-group ${resourceGroupName}`,
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

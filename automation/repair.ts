import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { adopt, isOwn, type Found } from "./adoption.ts";
import { armAddressOf } from "./arm-ids.ts";
import { askEngine, runEngine } from "./engine.ts";
import type { Project } from "./project.ts";
import type { Deployment, PendingOperation, ResourceState } from "./state-files.ts";
import { UserError } from "./user-error.ts";

/** GET of an ARM id; `undefined` for 404. */
export type ReadArm = (id: string, apiVersion: string) => Promise<Record<string, unknown> | undefined>;

export interface RepairTask {
  project: Project;
  stack: string;
  /** @default the project's own for the stack */
  settingsFile?: string;
  env: NodeJS.ProcessEnv;
  subscriptionId: string;
  read: ReadArm;
  /** How long to wait for what ARM is still doing, default 120,000. */
  settleMs?: number;
}

export interface RepairReport {
  /** URNs that the state has now. */
  adopted: string[];
  /** Pending operations that were dropped, as `creating <urn>`. */
  cleared: string[];
  /** ARM ids that exist, but that another stack or somebody else made. */
  foreign: string[];
  /** Whether all was compared; a program that cannot be previewed hides what it would create. */
  complete: boolean;
}

interface Exported {
  version: number;
  deployment: Deployment;
  [other: string]: unknown;
}

/** A create that the engine has planned. */
interface Planned {
  resource: ResourceState;
  replaces: boolean;
}

/** Each round can make known what the next one needs: a group's name, then what is in the group. */
const MAX_ROUNDS = 8;
const SETTLE_POLL_MS = 500;

/**
 * Brings the state of a stack, whose last run was cut off, back in agreement with ARM, so that a normal `up` converges:
 * what the dead run had begun is dropped from the state; what it had created all the same is taken into it.
 * First what the state says was in flight, then what a preview still wants to create. Nothing is created, changed or deleted in ARM.
 */
export async function repairStack(task: RepairTask): Promise<RepairReport> {
  const report: RepairReport = { adopted: [], cleared: [], foreign: [], complete: true };
  const exported = await exportState(task);
  const pending = exported.deployment.pending_operations ?? [];
  report.cleared = pending.map(({ type, resource }) => `${type} ${resource.urn}`);

  const inFlight = await lookUp(task, report, pendingCreates(exported.deployment, pending));
  const first = adopt(exported.deployment, inFlight);
  if (pending.length > 0) await importState(task, { ...exported, deployment: first.deployment });
  report.adopted.push(...first.adopted);

  // A stack that has not even a provider has created nothing.
  for (let round = 0; round < MAX_ROUNDS && (first.deployment.resources ?? []).length > 0; round += 1) {
    const { planned, complete } = await plannedCreates(task);
    report.complete = complete;
    const found = await lookUp(task, report, planned);
    if (found.length === 0) break;
    const current = await exportState(task);
    const { deployment, adopted } = adopt(current.deployment, found);
    if (adopted.length === 0) break;
    await importState(task, { ...current, deployment });
    report.adopted.push(...adopted);
  }
  report.foreign = [...new Set(report.foreign)];
  return report;
}

export function pendingCreates(deployment: Deployment, pending: PendingOperation[]): Planned[] {
  const existing = new Set((deployment.resources ?? []).filter((each) => !each.delete).map(({ urn }) => urn));
  return pending.filter(({ type }) => type === "creating").map(({ resource }) => ({ resource, replaces: existing.has(resource.urn) }));
}

/** The create steps of `pulumi preview --json`; why a preview fails is said better by the `up` that follows. */
async function plannedCreates({ project, stack, settingsFile, env }: RepairTask): Promise<{ planned: Planned[]; complete: boolean }> {
  const end = await runEngine({
    args: ["preview", "--json", "--stack", stack, ...(settingsFile === undefined ? [] : ["--config-file", settingsFile]), "--non-interactive"],
    cwd: project.folder,
    env,
    output: "capture",
  });
  if (end.interrupted) {
    throw new UserError("REPAIR_INTERRUPTED", "interrupted while the stack's state was compared with ARM; nothing was deployed", { next: "run the same command again" });
  }
  return { planned: createsOfPreview(end.stdout), complete: end.code === 0 };
}

export function createsOfPreview(json: string): Planned[] {
  let steps: Array<{ op: string; newState?: ResourceState }>;
  try {
    steps = (JSON.parse(json) as { steps?: typeof steps }).steps ?? [];
  } catch {
    return [];
  }
  return steps.flatMap(({ op, newState }) =>
    newState && (op === "create" || op === "create-replacement") ? [{ resource: newState, replaces: op === "create-replacement" }] : [],
  );
}

async function lookUp(task: RepairTask, report: RepairReport, planned: Planned[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const { resource, replaces } of planned) {
    const address = armAddressOf(resource.type);
    const id = address?.id(resource.inputs ?? {}, task.subscriptionId);
    if (!address || !id) continue;
    const document = await settled(task, id, address.apiVersion);
    if (!document) continue;
    if (isOwn(resource.type, document, task.stack)) found.push({ resource, id: String(document.id ?? id), document, replaces });
    else report.foreign.push(id);
  }
  return found;
}

/** ARM goes on with what it accepted, whoever died; an update in the middle of that would be refused. */
async function settled({ read, settleMs = 120_000 }: RepairTask, id: string, apiVersion: string): Promise<Record<string, unknown> | undefined> {
  for (const until = Date.now() + settleMs; ; await sleep(SETTLE_POLL_MS)) {
    const document = await read(id, apiVersion);
    const state = (document?.properties as { provisioningState?: string } | undefined)?.provisioningState;
    if (state === undefined || /^(succeeded|failed|canceled)$/i.test(state) || Date.now() >= until) return document;
  }
}

async function exportState({ project, stack, env }: RepairTask): Promise<Exported> {
  return JSON.parse(await askEngine({ args: ["stack", "export", "--stack", stack], cwd: project.folder, env })) as Exported;
}

async function importState({ project, stack, env }: RepairTask, state: Exported): Promise<void> {
  mkdirSync(project.cache, { recursive: true });
  const file = join(project.cache, `repaired-${stack}-${process.pid}.json`);
  try {
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
    await askEngine({ args: ["stack", "import", "--stack", stack, "--file", file], cwd: project.folder, env });
  } finally {
    rmSync(file, { force: true });
  }
}

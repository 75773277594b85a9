import type { DocumentStore } from "../document-store.ts";
import { openPrincipals } from "../entra/principals.ts";
import { openFaults, type Faults } from "../faults/faults.ts";
import type { Access } from "./authorization/access.ts";
import { isLogPath, readLog, type LogRequest } from "./container-apps/log-stream.ts";
import { createDispatcher } from "./dispatcher.ts";
import { openDocuments } from "./documents.ts";
import { asArmError, errorBody } from "./errors.ts";
import type { Hosts } from "./hosts.ts";
import { openOperations } from "./operations.ts";
import { answer, type ArmRequest, type ArmResponse } from "./request.ts";
import { resume } from "./resume.ts";
import type { Context } from "./service.ts";
import { SERVICES, TRACKED_TYPES } from "./services.ts";

export type { ArmRequest, ArmResponse } from "./request.ts";
export type { LogRequest } from "./container-apps/log-stream.ts";

export interface ArmOptions {
  store: DocumentStore;
  hosts: Hosts;
  access: Access;
  /** Milliseconds since 1970. @default Date.now */
  clock?: () => number;
  subscriptionId: string;
  tenantId: string;
  /** How long a new role assignment has no effect; on Azure up to ten minutes. @default 0 */
  propagationDelayMs?: number;
  /** @default none that is on */
  faults?: Faults;
  /** Takes a line for each fault of the miniature itself. @default console.error */
  log?: (line: string) => void;
}

/** Azure's control plane in miniature. */
export interface Arm {
  /** Never rejects: a refusal is an answer with ARM's error body. */
  handle(request: ArmRequest): Promise<ArmResponse>;
  /** Whether a path is a container's log, which is opened with the app's token instead of ARM's. */
  isLogPath(path: string): boolean;
  readLog(request: LogRequest): Promise<ArmResponse>;
  /** Runs again what a crash interrupted; once, before the first request. */
  resume(): Promise<void>;
  /** Resolves when no operation is under way. */
  idle(): Promise<void>;
}

export function createArm(options: ArmOptions): Arm {
  const { store, hosts, access, clock = Date.now, subscriptionId, tenantId, propagationDelayMs = 0, faults = openFaults(), log = console.error } = options;
  const now = () => new Date(clock());
  const context: Context = {
    store,
    documents: openDocuments(store),
    operations: openOperations(store, now, log),
    hosts,
    access,
    principals: openPrincipals(store),
    subscriptionId,
    tenantId,
    propagationDelayMs,
    faults,
    now,
  };
  const dispatch = createDispatcher(SERVICES, context);

  const answering = async (what: string, work: () => Promise<ArmResponse>): Promise<ArmResponse> => {
    try {
      return await work();
    } catch (thrown) {
      const error = asArmError(thrown);
      if (error !== thrown) log(`${what} failed: ${(thrown as Error)?.stack ?? thrown}`);
      return answer(error.status, errorBody(error));
    }
  };

  return {
    handle: (request) => answering(`${request.method} ${request.path}`, () => dispatch(request)),
    isLogPath,
    readLog: (request) => answering(`GET ${request.path}`, () => readLog(request, context)),
    resume: async () => resume(context, TRACKED_TYPES),
    idle: () => context.operations.idle(),
  };
}

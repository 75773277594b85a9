import { randomUUID } from "node:crypto";
import type { DocumentStore } from "../document-store.ts";
import { ArmError, asArmError, type ArmErrorDetail } from "./errors.ts";

/** A long-running operation, stored before the resource it works on is, so that a crash can lose neither. */
export interface Operation {
  id: string;
  resourceId: string;
  kind: "apply" | "remove";
  status: "InProgress" | "Succeeded" | "Failed";
  /** ISO 8601. */
  startTime: string;
  endTime?: string;
  error?: ArmErrorDetail;
  principalId: string;
}

export interface Operations {
  begin(resourceId: string, kind: Operation["kind"], principalId: string): Operation;
  get(id: string): Operation | undefined;
  unfinished(): Operation[];
  forget(id: string): void;
  finish(operation: Operation, error?: ArmErrorDetail): void;
  /** Runs `work` after the current answer is out, and records how it ended. */
  run(operation: Operation, work: () => Promise<void>): void;
  isRunning(id: string): boolean;
  /** Resolves when the operation is not running any more, however it ended. */
  settled(id: string | undefined): Promise<void>;
  /** Resolves when none is running. */
  idle(): Promise<void>;
  /** Drops what nobody asks for any more: what ended a day ago, and of what ended a minute ago all but the newest 100. */
  prune(): void;
}

const KEPT_AFTER_END_MS = 24 * 60 * 60 * 1000;
/** Clients of Azure ask again after 30 s at most, and here after the second that `retry-after` says. */
const ASKED_FOR_MS = 60 * 1000;
const MOST_KEPT = 100;
const PREFIX = "operations/";
const BEGUN_BETWEEN_PRUNES = 50;

export function openOperations(store: DocumentStore, now: () => Date, log: (line: string) => void): Operations {
  const running = new Map<string, Promise<void>>();
  let begun = 0;
  const put = (operation: Operation) => store.put(PREFIX + operation.id, operation);
  const all = () => store.list<Operation>(PREFIX).map(({ value }) => value);

  const finish = (operation: Operation, error?: ArmErrorDetail) =>
    put({ ...operation, status: error ? "Failed" : "Succeeded", endTime: now().toISOString(), ...(error && { error }) });

  const prune = () => {
    const ended = all().flatMap(({ id, endTime }) => (endTime ? [{ id, age: now().getTime() - Date.parse(endTime) }] : []));
    ended.sort((one, other) => one.age - other.age);
    ended.forEach(({ id, age }, newer) => {
      if (age > KEPT_AFTER_END_MS || (age > ASKED_FOR_MS && newer >= MOST_KEPT)) store.delete(PREFIX + id);
    });
  };

  return {
    begin(resourceId, kind, principalId) {
      begun += 1;
      if (begun % BEGUN_BETWEEN_PRUNES === 0) prune();
      const operation: Operation = { id: randomUUID(), resourceId, kind, status: "InProgress", startTime: now().toISOString(), principalId };
      put(operation);
      return operation;
    },
    get: (id) => store.get<Operation>(PREFIX + id),
    unfinished: () => all().filter(({ status }) => status === "InProgress"),
    forget: (id) => store.delete(PREFIX + id),
    finish,

    run(operation, work) {
      const done = new Promise<void>((resolve) => setImmediate(resolve))
        .then(work)
        .then(
          () => finish(operation),
          (thrown: unknown) => {
            if (!(thrown instanceof ArmError)) log(`${operation.kind} of ${operation.resourceId} failed: ${(thrown as Error)?.stack ?? thrown}`);
            const { code, message } = asArmError(thrown);
            finish(operation, { code, message });
          },
        )
        .catch((thrown: unknown) => log(`the end of operation ${operation.id} could not be recorded: ${(thrown as Error)?.message}`))
        .finally(() => running.delete(operation.id));
      running.set(operation.id, done);
    },

    isRunning: (id) => running.has(id),
    settled: async (id) => (id === undefined ? undefined : running.get(id)),
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
    prune,
  };
}

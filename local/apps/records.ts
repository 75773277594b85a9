import type { ArmDocument } from "../arm/hosts.ts";
import type { DocumentStore } from "../document-store.ts";
import type { Template } from "./template.ts";

/** What is kept of an app, so that a daemon that starts again goes on where the last one was. */
export interface AppRecord {
  document: ArmDocument;
  latest?: string;
  latestReady?: string;
  /** The latest stable revision: in Single mode it has all the traffic. */
  serving?: string;
}

export interface RevisionRecord {
  name: string;
  /** Part of its replicas' names. */
  hash: string;
  createdAt: string;
  lastActiveAt?: string;
  template: Template;
  active: boolean;
  /** Was ready at some time: from then on it may scale to zero. */
  everReady: boolean;
  /** How many replicas there should be now. */
  wanted: number;
  replicas: ReplicaRecord[];
}

export interface ReplicaRecord {
  name: string;
  createdAt: string;
  started: boolean;
  ready: boolean;
  restartCount: number;
}

/** The keys of one app: `apps/<id>/app` and `apps/<id>/revisions/<name>`. */
export interface AppRecords {
  putApp(record: AppRecord): void;
  revisions(): RevisionRecord[];
  putRevision(record: RevisionRecord): void;
  deleteRevision(name: string): void;
  deleteAll(): void;
}

const PREFIX = "apps";
const APP = "/app";

export function recordsOf(store: DocumentStore, appId: string): AppRecords {
  const folder = `${PREFIX}/${appId.toLowerCase().replace(/^\//, "")}`;
  const revisionKey = (name: string) => `${folder}/revisions/${name}`;
  const revisions = () =>
    store
      .list<RevisionRecord>(`${folder}/revisions/`)
      .map(({ value }) => value)
      .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
  return {
    putApp: (record) => store.put(folder + APP, record),
    revisions,
    putRevision: (record) => store.put(revisionKey(record.name), record),
    deleteRevision: (name) => store.delete(revisionKey(name)),
    deleteAll() {
      for (const { name } of revisions()) store.delete(revisionKey(name));
      store.delete(folder + APP);
    },
  };
}

export const storedApps = (store: DocumentStore): AppRecord[] =>
  store
    .list<AppRecord>(`${PREFIX}/`)
    .filter(({ key }) => key.endsWith(APP))
    .map(({ value }) => value);

/**
 * Durable JSON documents by key. A key is a path of `/`-separated segments, compared without case
 * (ARM ids are case-insensitive); values are deep-copied in and out, so a caller can never edit what is stored.
 */
export interface DocumentStore {
  get<T>(key: string): T | undefined;
  /** Durable when it returns: written to a temporary file, synced, renamed. */
  put<T>(key: string, value: T): void;
  delete(key: string): void;
  /** All entries whose key starts with `prefix`, sorted by key. */
  list<T>(prefix: string): Array<{ key: string; value: T }>;
}

import type { DocumentStore } from "../../local/document-store.ts";

/** A document store that forgets; `writes` counts what would have gone to the disk. */
export function memoryStore(): DocumentStore & { writes: number } {
  const documents = new Map<string, string>();
  return {
    writes: 0,
    get<T>(key: string) {
      const text = documents.get(key.toLowerCase());
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    put(key, value) {
      this.writes += 1;
      documents.set(key.toLowerCase(), JSON.stringify(value));
    },
    delete(key) {
      documents.delete(key.toLowerCase());
    },
    list<T>(prefix: string) {
      return [...documents]
        .filter(([key]) => key.startsWith(prefix.toLowerCase()))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, text]) => ({ key, value: JSON.parse(text) as T }));
    },
  };
}

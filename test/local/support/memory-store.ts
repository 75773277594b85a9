import type { DocumentStore } from "../../../local/document-store.ts";

/** A document store that forgets. */
export function memoryStore(): DocumentStore {
  const entries = new Map<string, string>();
  return {
    get: <T>(key: string) => {
      const text = entries.get(key.toLowerCase());
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    put: (key, value) => void entries.set(key.toLowerCase(), JSON.stringify(value)),
    delete: (key) => void entries.delete(key.toLowerCase()),
    list: <T>(prefix: string) =>
      [...entries.entries()]
        .filter(([key]) => key.startsWith(prefix.toLowerCase()))
        .sort(([one], [other]) => one.localeCompare(other))
        .map(([key, text]) => ({ key, value: JSON.parse(text) as T })),
  };
}

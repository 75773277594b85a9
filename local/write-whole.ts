import { renameSync, writeFileSync } from "node:fs";

/** Writes a file so that a reader, or a crash, meets the old content or the new, never a part. */
export function writeWhole(file: string, content: string, mode: number): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, file);
}

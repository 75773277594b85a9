/** One thing that was looked at. */
export interface Finding {
  what: string;
  /** `missing` makes the command end with 1; `note` is worth knowing. */
  state: "ok" | "missing" | "note";
  found: string;
  /** The command that mends it. */
  mend?: string;
}

export const ok = (what: string, found: string): Finding => ({ what, state: "ok", found });
export const note = (what: string, found: string, mend?: string): Finding => ({ what, state: "note", found, ...(mend && { mend }) });
export const missing = (what: string, found: string, mend: string): Finding => ({ what, state: "missing", found, mend });

export function render(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  const mark = { ok: "ok", missing: "MISSING", note: "note" };
  return findings
    .map(({ what, state, found, mend }) => {
      const line = `${mark[state].padEnd(8)}${what.padEnd(width)}  ${found}\n`;
      return mend ? `${line}${" ".repeat(8)}${" ".repeat(width)}  -> ${mend}\n` : line;
    })
    .join("");
}

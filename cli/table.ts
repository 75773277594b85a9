/** Columns padded to their widest cell, two spaces apart; the last one is not padded. Cells are never cut: they are copied from. */
export function table(heads: string[], rows: string[][]): string {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all.map((row) => `${heads.map((_, column) => (row[column] ?? "").padEnd(widths[column]!)).join("  ").trimEnd()}\n`).join("");
}

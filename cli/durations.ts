import { UserError } from "../automation/user-error.ts";

const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** `90s`, `10m`, `1h`, or a bare number of seconds, in milliseconds. */
export function parseDuration(text: string, option: string): number {
  const [, number, unit = "s"] = /^(\d{1,6}(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNIT_MS[unit]!;
  throw new UserError("DURATION_INVALID", `${option} is not a time`, { value: text, allowed: "0, or a number with s, m or h: 90s, 10m, 1h" });
}

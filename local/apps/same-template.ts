import { isDeepStrictEqual } from "node:util";
import type { Template } from "./template.ts";

/** Whether two templates ask for the same revision: what is absent, null or empty is one, and so is what only answers carry. */
export const sameTemplate = (one: Template, other: Template): boolean => isDeepStrictEqual(meant(one), meant(other));

/** Properties that ARM adds to its answers; a client that sends them back asks for nothing. */
const ANSWERED_ONLY = new Set(["ephemeralStorage"]);

function meant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meant);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value)
    .filter(([name]) => !ANSWERED_ONLY.has(name))
    .map(([name, each]) => [name, meant(each)] as const)
    .filter(([, each]) => !isEmpty(each));
  return Object.fromEntries(entries);
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

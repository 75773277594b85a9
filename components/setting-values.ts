import { isAddressRange } from "../recipes/address-range.ts";
import type { SettingsProblems } from "./settings-problems.ts";

/**
 * Checks of single values. Config keeps every value as text, objects of the settings file their own types: both are
 * taken. A value that is absent or empty gives the default; a wrong one is reported and gives the default too, so that
 * checking goes on.
 */
export class SettingValues {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #prefix: string;
  readonly #problems: SettingsProblems;

  /** @param prefix of the keys in messages: `toolwharf:` or `toolwharf:toolSettings.weather.` */
  constructor(values: Readonly<Record<string, unknown>>, prefix: string, problems: SettingsProblems) {
    this.#values = values;
    this.#prefix = prefix;
    this.#problems = problems;
  }

  raw(key: string): unknown {
    const value = this.#values[key];
    return value === "" || value === null ? undefined : value;
  }

  /** Reports every key that is not among the known ones. */
  only(known: readonly string[]): void {
    for (const key of Object.keys(this.#values)) {
      if (!known.includes(key)) this.#problems.say(this.#prefix + key, `is not a setting; known: ${known.join(", ")}`);
    }
  }

  text(key: string, fallback: string, allowed?: { rule: RegExp; words: string }): string {
    const value = this.raw(key);
    if (value === undefined) return fallback;
    if (typeof value === "string" && (!allowed || allowed.rule.test(value))) return value;
    this.wrong(key, value, allowed?.words ?? "text");
    return fallback;
  }

  oneOf<const T extends string>(key: string, allowed: readonly T[], fallback: T): T {
    const value = this.raw(key);
    if (value === undefined) return fallback;
    const found = allowed.find((each) => each === value);
    if (found === undefined) this.wrong(key, value, allowed.join(", "));
    return found ?? fallback;
  }

  integer(key: string, [lowest, highest]: readonly [number, number], fallback: number): number {
    const value = this.raw(key);
    if (value === undefined) return fallback;
    const number = typeof value === "number" ? value : typeof value === "string" && /^-?\d+$/.test(value.trim()) ? Number(value) : NaN;
    if (Number.isInteger(number) && number >= lowest && number <= highest) return number;
    this.wrong(key, value, `whole numbers from ${lowest} to ${highest}`);
    return fallback;
  }

  addresses(key: string, fallback: readonly string[]): readonly string[] {
    const value = this.raw(key);
    if (value === undefined) return fallback;
    if (Array.isArray(value) && value.every(isAddressRange)) return value as string[];
    this.wrong(key, value, 'a list of IPv4 addresses and ranges, such as ["203.0.113.7", "198.51.100.0/24"]');
    return fallback;
  }

  texts(key: string): string[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value as string[];
    this.wrong(key, value, "a list of names");
    return undefined;
  }

  object(key: string, words: string): Record<string, unknown> {
    const value = this.raw(key);
    if (value === undefined) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
    this.wrong(key, value, words);
    return {};
  }

  wrong(key: string, value: unknown, allowed: string): void {
    this.#problems.add(this.#prefix + key, value, allowed);
  }
}

import { randomInt } from "node:crypto";
import { unknown } from "../grpc/property-values.ts";
import type { CheckFailure } from "../grpc/provider.ts";
import type { PropertyMap } from "../grpc/property-values.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
/** The provider's default for `overrideSpecial`. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface CharacterClass {
  flag: "lower" | "upper" | "numeric" | "special";
  minimum: "minLower" | "minUpper" | "minNumeric" | "minSpecial";
  characters(options: PropertyMap): string;
}

const CLASSES: CharacterClass[] = [
  { flag: "lower", minimum: "minLower", characters: () => LOWER },
  { flag: "upper", minimum: "minUpper", characters: () => LOWER.toUpperCase() },
  { flag: "numeric", minimum: "minNumeric", characters: () => DIGITS },
  { flag: "special", minimum: "minSpecial", characters: (options) => String(options["overrideSpecial"] ?? SPECIAL) },
];

/** All options with their defaults. `number` is the old name of `numeric`. */
export function stringOptions({ number, ...inputs }: PropertyMap): PropertyMap {
  const options: PropertyMap = { ...inputs, numeric: inputs["numeric"] ?? number ?? true };
  for (const { flag, minimum } of CLASSES) {
    options[flag] ??= true;
    options[minimum] ??= 0;
  }
  return options;
}

export function checkString(inputs: PropertyMap): CheckFailure[] {
  const options = stringOptions(inputs);
  const { length } = options;
  if (length === unknown) return [];
  if (typeof length !== "number" || !Number.isInteger(length) || length < 1) {
    return [{ property: "length", reason: `length must be a whole number of at least 1, got ${JSON.stringify(length ?? null)}` }];
  }
  const failures: CheckFailure[] = [];
  const asked = CLASSES.map(({ minimum }) => Number(options[minimum])).reduce((sum, count) => sum + count, 0);
  if (asked > length) failures.push({ property: "length", reason: `length ${length} is less than the sum of minLower, minUpper, minNumeric and minSpecial (${asked})` });
  if (charactersOf(options) === "") failures.push({ property: "length", reason: "at least one of lower, upper, numeric and special must be true" });
  return failures;
}

function charactersOf(options: PropertyMap): string {
  return CLASSES.filter(({ flag }) => options[flag] === true)
    .map((characterClass) => characterClass.characters(options))
    .join("");
}

/** The asked minimum of each class, the rest from all of them, shuffled; from the system's cryptographic source. */
export function randomString(inputs: PropertyMap): string {
  const options = stringOptions(inputs);
  const result: string[] = [];
  for (const { minimum, characters } of CLASSES) {
    for (let count = 0; count < Number(options[minimum]); count += 1) result.push(pick(characters(options)));
  }
  const all = charactersOf(options);
  while (result.length < Number(options["length"])) result.push(pick(all));
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [result[index], result[other]] = [result[other] as string, result[index] as string];
  }
  return result.join("");
}

function pick(characters: string): string {
  return characters[randomInt(characters.length)] as string;
}

import { randomBytes, randomInt } from "node:crypto";

/** Suffix of every address of the miniature. Names under `.localhost` are loopback everywhere (RFC 6761, 6.3). */
export const DOMAIN_SUFFIX = "azurecontainerapps.localhost";

const QUALITIES = ["agreeable", "ambitious", "black", "blue", "brave", "calm", "delightful", "gentle", "graceful", "green", "happy", "kind", "lively", "mango", "nice", "orange", "proud", "purple", "red", "salmon", "thankful", "victorious", "wonderful", "yellow"];
const THINGS = ["bay", "beach", "bush", "cliff", "coast", "desert", "dune", "field", "flower", "forest", "glacier", "grass", "ground", "hill", "island", "meadow", "mushroom", "ocean", "plant", "pond", "river", "rock", "sand", "sea", "sky", "stone", "tree", "water", "wave"];

const oneOf = (words: string[]): string => words[randomInt(words.length)]!;

/** A domain of Azure's shape, `livelyforest-090127b6.westeurope.azurecontainerapps.localhost`: random, chosen once for an environment. */
export function newDefaultDomain(location: string): string {
  const region = location.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return `${oneOf(QUALITIES)}${oneOf(THINGS)}-${randomBytes(4).toString("hex")}.${region}.${DOMAIN_SUFFIX}`;
}

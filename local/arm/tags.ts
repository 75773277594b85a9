import { ArmError } from "./errors.ts";
import { isAbsent, isObject } from "./json.ts";

/** Azure docs, "Use tags to organize your Azure resources", limitations. */
const MAX_TAGS = 50;
const MAX_NAME_CHARACTERS = 512;
const MAX_VALUE_CHARACTERS = 256;
const FORBIDDEN_IN_NAMES = /[<>%&\\?/]/;

export function checkTags(tags: unknown): Record<string, string> | undefined {
  if (isAbsent(tags)) return undefined;
  if (!isObject(tags)) throw invalid("the tags must be an object of strings");
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) throw invalid(`there are ${entries.length} tags, and at most ${MAX_TAGS} are allowed`);
  for (const [name, value] of entries) {
    if (name.length === 0 || name.length > MAX_NAME_CHARACTERS || FORBIDDEN_IN_NAMES.test(name)) {
      throw invalid(`the tag name '${name}' must have 1 to ${MAX_NAME_CHARACTERS} characters and none of < > % & \\ ? /`);
    }
    if (typeof value !== "string") throw invalid(`the value of the tag '${name}' is not a string`);
    if (value.length > MAX_VALUE_CHARACTERS) throw invalid(`the value of the tag '${name}' has more than ${MAX_VALUE_CHARACTERS} characters`);
  }
  return tags as Record<string, string>;
}

const invalid = (what: string) => new ArmError("InvalidRequestContent", `The request content was invalid: ${what}.`);

/** Relative, `/` between parts, none of them `..`, no backslash, no control character. `.` is the folder itself. */
export const RELATIVE_PATH = "^(?!/)(?!(?:.*/)?\\.\\.(?:/|$))[^\\\\\\u0000-\\u001f\\u007f]+$";
/** Path of an HTTP request, with or without a query. */
export const HEALTH_PATH = "^/[\\w\\-.~!$&'()*+,;=:@/%?]*$";
export const CPU_PATTERN = "^\\d+(\\.\\d+)?$";
export const MEMORY_PATTERN = "^\\d+(\\.\\d+)?Gi$";
/** Of a resource in Azure, where case makes no other tag: none that tells an owner, and none of Azure's own prefixes. */
export const TAG_NAME = `^(?!${["toolwharf", "azure", "microsoft", "windows"].map(inAnyCase).join("|")})[^<>%&\\\\?/]{1,512}$`;

function inAnyCase(word: string): string {
  return [...word].map((letter) => `[${letter}${letter.toUpperCase()}]`).join("");
}

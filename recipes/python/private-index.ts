import type { Problem } from "../errors.ts";

/** A user, password or token in a URL, or a variable that stands for one, or SSH, which needs a key. */
const CREDENTIALS = /:\/\/[^\s/@]+@|\$\{[A-Za-z_]\w*\}|git\+ssh:/i;

export const hasCredentials = (text: string): boolean => CREDENTIALS.test(text);

/** The value is not repeated: it may be the secret itself. */
export function privateIndex(file: string, line: number | undefined, text: string): Problem {
  const host = /:\/\/(?:[^\s/@]*@)?([\w.-]+)/.exec(text)?.[1];
  return {
    code: "DEPENDENCIES_PRIVATE",
    message: `needs a login${host === undefined ? "" : ` at ${host}`}, and a build has no secrets to give it; put wheels of these packages into the folder and name them ("./wheels/name-1.0-py3-none-any.whl"), or use an index that this builder's network reaches without a login, or build the image yourself from a Dockerfile of the folder's own`,
    file,
    ...(line !== undefined && { line }),
  };
}

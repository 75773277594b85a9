import { constants } from "node:fs";

const TYPES: Array<[number, string]> = [
  [constants.S_IFDIR, "d"],
  [constants.S_IFLNK, "L"],
  [constants.S_IFIFO, "p"],
  [constants.S_IFSOCK, "S"],
  [constants.S_IFCHR, "Dc"],
  [constants.S_IFBLK, "D"],
];
const SPECIAL: Array<[number, string]> = [
  [0o4000, "u"],
  [0o2000, "g"],
  [0o1000, "t"],
];

/** A file's mode as Go prints it, `-rwxr-xr-x`: part of the context's digest. */
export function goFileMode(mode: number): string {
  const type = TYPES.find(([bits]) => (mode & constants.S_IFMT) === bits)?.[1] ?? "";
  const special = SPECIAL.filter(([bit]) => (mode & bit) !== 0).map(([, letter]) => letter);
  const permissions = [..."rwxrwxrwx"].map((letter, index) => ((mode & (1 << (8 - index))) === 0 ? "-" : letter));
  return ([type, ...special].join("") || "-") + permissions.join("");
}

/** Where the code of an image comes from, as whoever builds it knows. Nothing here asks git. */
export interface SourceRefs {
  /** 7 to 64 hexadecimal digits. */
  commit?: string;
  branch?: string;
  /** The branch whose images are `latest`, and have no tag of their own. @default "main" */
  defaultBranch?: string;
  pullRequest?: number;
  /** Tags of the commit; those that are semantic versions count, with `v` in front or not. */
  versions?: readonly string[];
}

/** Longest tag of an image (OCI distribution specification). */
const TAG_LENGTH = 128;
/** As of https://semver.org, without leading zeros; build metadata is not told apart, as no tag can hold its `+`. */
const SEMANTIC = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const COMMIT_DIGITS = 12;

/**
 * Names of an image beside its content hash: `sha-<commit>`, `pr-<n>`, `dev-<branch>`, and of the default branch or a
 * released version `latest`. A version `1.2.3` is also the newest `1.2` and `1`; a pre-release and a version `0.x` are
 * not.
 *
 * @returns each once, in a fixed order
 */
export function imageTags({ commit, branch, defaultBranch = "main", pullRequest, versions = [] }: SourceRefs): string[] {
  const semantic = versions.map((version) => SEMANTIC.exec(version)).filter((found) => found !== null);
  const released = semantic.some(([, , , , prerelease]) => prerelease === undefined);
  const tags = [
    ...semantic.flatMap(([, major, minor, patch, prerelease]) => {
      if (prerelease !== undefined) return [`${major}.${minor}.${patch}${prerelease}`];
      return [`${major}.${minor}.${patch}`, `${major}.${minor}`, ...(major === "0" ? [] : [major!])];
    }),
    ...(released || (branch === defaultBranch && pullRequest === undefined) ? ["latest"] : []),
    ...(branch !== undefined && branch !== defaultBranch && pullRequest === undefined ? [`dev-${branch.replace(/[^\w.-]+/g, "-")}`] : []),
    ...(pullRequest === undefined ? [] : [`pr-${pullRequest}`]),
    ...(commit === undefined ? [] : [`sha-${commit.slice(0, COMMIT_DIGITS)}`]),
  ];
  return [...new Set(tags.map((tag) => tag.slice(0, TAG_LENGTH)))];
}

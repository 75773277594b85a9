import { runCommand } from "../run-command.js";

// What the official slim images leave out too. The marker file would make pip refuse to install (PEP 668).
const LEFT_OUT = [
  "/usr/share/doc/*",
  "/usr/share/man/*",
  "/usr/share/info/*",
  "/usr/share/locale/*",
  "/usr/share/lintian/*",
  "/usr/lib/python3*/EXTERNALLY-MANAGED",
];

const PHASE = /^I: (running apt-get update|downloading|extracting|installing|cleaning|creating)/;

/**
 * A Debian bookworm root file system from Debian's packages, as `root.tar` in `folder`, trimmed to about 110 MB plus
 * `packages`. The files of `overlay.tar` in the same folder replace those of the packages.
 *
 * @param {{ folder: string, packages: readonly string[], hooks: readonly string[], onPhase: (text: string) => void }} options
 */
export async function makeDebianTar({ folder, packages, hooks, onPhase }) {
  const args = [
    "--variant=minbase",
    // Without this hook and package, bookworm pulls in `usrmerge` and with it 50 MB of Perl.
    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
    `--include=${["usr-is-merged", "ca-certificates", ...packages].join(",")}`,
    ...LEFT_OUT.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    // Relative to `folder`: the argument of a hook is split at spaces.
    ...[...hooks, "tar-in overlay.tar /"].map((hook) => `--customize-hook=${hook}`),
    "bookworm",
    "root.tar",
    ...(await hostSources()),
  ];
  await runCommand("mmdebstrap", args, {
    cwd: folder,
    onLine: (line) => {
      if (PHASE.test(line)) onPhase(line.slice("I: ".length).replace(/\.*$/, ""));
    },
  });
}

/**
 * The addresses this machine takes bookworm from: on a closed network a mirror, else Debian's own.
 * Empty on another release, where mmdebstrap's defaults hold.
 */
async function hostSources() {
  const listed = await runCommand("apt-get", ["indextargets", "--format", "$(CREATED_BY) $(REPO_URI) $(RELEASE) $(COMPONENT)"]).catch(() => "");
  return bookwormSources(listed);
}

/** @param {string} listed lines of `Packages <uri> <release> <component>` */
export function bookwormSources(listed) {
  const sources = listed
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([kind, , release, component]) => kind === "Packages" && component === "main" && /^bookworm(-updates|-security)?$/.test(release ?? ""))
    .map(([, uri, release]) => `deb ${uri} ${release} main`);
  return sources.some((line) => line.endsWith(" bookworm main")) ? sources : [];
}

/**
 * The base images of the generated Dockerfiles, and what takes their place where Docker Hub cannot be reached.
 * `packages` are Debian's; `hooks`
 * (mmdebstrap's, run as root of the image), `env` and `cmd` give it what the official image has.
 */
export const BASE_IMAGES = [
  {
    kind: "python",
    official: "python:3.11-slim-bookworm",
    replacement: "toolwharf.local/python:3.11",
    packages: ["python3", "python3-pip", "python3-venv"],
    hooks: [],
    env: ["LANG=C.UTF-8"],
    cmd: ["python3"],
  },
  {
    kind: "node",
    official: "node:24-bookworm-slim",
    replacement: "toolwharf.local/node:24",
    // The Node binary of the npm registry is linked against these; libgcc comes with libstdc++.
    packages: ["libstdc++6"],
    hooks: ['chroot "$1" useradd --uid 1000 --user-group --shell /bin/bash --create-home node'],
    env: [],
    cmd: ["node"],
  },
];

/** @typedef {(typeof BASE_IMAGES)[number]} BaseImage */

/** Label of a replacement with the fingerprint of what it was made from, so that a change of it is noticed. */
export const FINGERPRINT_LABEL = "toolwharf.base-image";

import { runCommand } from "./run-command.js";

const LIMIT_SECONDS = 5;

/**
 * Whether anything answers at an HTTPS address, known within 5 s. By curl, which honours this machine's proxy settings.
 *
 * @param {string} url
 */
export async function isReachable(url) {
  const limits = ["--connect-timeout", String(LIMIT_SECONDS), "--max-time", String(LIMIT_SECONDS)];
  // Without --fail any status will do: Docker Hub answers 401 to those who have not logged in.
  return runCommand("curl", ["--silent", "--output", "/dev/null", ...limits, url]).then(
    () => true,
    () => false,
  );
}

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "./write-whole.ts";

const LIFETIME_SECONDS = 3600;
/** Thrice in a lifetime, so that a reader always finds one that holds for at least 40 minutes. */
const RENEWAL_MS = (LIFETIME_SECONDS / 3) * 1000;

interface Issuer {
  issue(request: { principalId: string; audience: string; ttlSeconds?: number }): Promise<string>;
}

/**
 * Keeps a valid ARM token of the caller in `file`, mode 0600, replaced as a whole at each renewal.
 *
 * @returns what ends the renewal
 */
export async function keepCallerToken(options: {
  file: string;
  tokens: Issuer;
  principalId: string;
  audience: string;
  log: (line: string) => void;
}): Promise<() => void> {
  const { file, tokens, principalId, audience, log } = options;
  const renew = async (): Promise<void> => {
    const token = await tokens.issue({ principalId, audience, ttlSeconds: LIFETIME_SECONDS });
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, token, 0o600);
  };
  await renew();
  const timer = setInterval(() => void renew().catch((error: Error) => log(`the caller's token was not renewed: ${error.message}`)), RENEWAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

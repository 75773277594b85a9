import { createSecureContext, type SecureContext } from "node:tls";
import type { Certificates } from "../certificates.ts";
import { DOMAIN_SUFFIX } from "../environments/default-domain.ts";

/** Certificates are asked for again after this, and so renewed in a daemon that runs for months. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** Names come from whoever connects, and domains go with their environments, so the number is limited: OpenSSL takes 43 KB for each. */
const MOST_KEPT = 50;

const APP_NAME = new RegExp(`^[a-z0-9-]+\\.(?:internal\\.)?([a-z0-9-]+\\.[a-z0-9-]+\\.${DOMAIN_SUFFIX.replaceAll(".", "\\.")})$`);

/**
 * Finds the certificate for the name that a client asks for: one for each environment's domain, also of a domain that is not in use
 * (any more), because "does not exist" is an answer that a client should be able to trust.
 */
export function secureContexts(certificates: Certificates): (servername: string) => Promise<SecureContext> {
  const kept = new Map<string, { context: Promise<SecureContext>; until: number }>();
  const make = async (domain: string | undefined): Promise<SecureContext> => {
    const { certPem, keyPem } = domain ? await certificates.sign([`*.${domain}`, `*.internal.${domain}`]) : await certificates.issue(["localhost", "127.0.0.1", "::1"]);
    return createSecureContext({ cert: certPem, key: keyPem, minVersion: "TLSv1.2" });
  };
  return (servername) => {
    const domain = APP_NAME.exec(servername.toLowerCase())?.[1];
    const key = domain ?? "";
    const found = kept.get(key);
    if (found && found.until > Date.now()) return found.context;
    // First the one that is renewed, then the oldest.
    kept.delete(key);
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
    const context = make(domain);
    kept.set(key, { context, until: Date.now() + KEEP_MS });
    context.catch(() => kept.delete(key));
    return context;
  };
}

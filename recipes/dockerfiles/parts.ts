/** Installs Debian packages by ARG SYSTEM_PACKAGES, names with a space between; none: nothing is run. */
export const SYSTEM_PACKAGES = `ARG SYSTEM_PACKAGES=""
RUN if [ -n "$SYSTEM_PACKAGES" ]; then apt-get update && apt-get install --yes --no-install-recommends $SYSTEM_PACKAGES && rm -rf /var/lib/apt/lists/*; fi`;

/** At the end, as they change with every content: `<group>/<tool>` and the content hash. */
export const LABELS = `ARG IMAGE_TITLE=""
ARG IMAGE_VERSION=""
LABEL org.opencontainers.image.title="\${IMAGE_TITLE}" org.opencontainers.image.version="\${IMAGE_VERSION}"`;

export type Interpreter = "python" | "node";

/**
 * For whoever runs the image by hand: Container Apps has probes of its own and looks at no HEALTHCHECK. It asks by the
 * interpreter that is there anyway, never by way of a proxy.
 */
export const HEALTH_CHECK: Record<Interpreter, string> = {
  python: healthCheck(
    "python",
    "-c",
    "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('PORT', '8000')), timeout=4); c.request('GET', os.environ.get('HEALTH_PATH', '/health')); sys.exit(c.getresponse().status >= 400)",
  ),
  node: healthCheck(
    "node",
    "-e",
    "require('http').get({ host: '127.0.0.1', port: process.env.PORT || 8000, path: process.env.HEALTH_PATH || '/health', timeout: 4000 }, (answer) => process.exit(answer.statusCode < 400 ? 0 : 1)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1))",
  ),
};

function healthCheck(...command: string[]): string {
  return `HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ${JSON.stringify(command)}`;
}

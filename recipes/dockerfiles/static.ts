import { START } from "./node-helpers.ts";
import { SYSTEM_PACKAGES } from "./parts.ts";
import { STATIC_SERVER } from "./static-server.ts";
import type { Template } from "./template.ts";

/** Node and a server of one file, which is less than any web server on top of a distribution. */
const site: Template = {
  dockerfile: () => `ARG BASE_IMAGE
FROM \${BASE_IMAGE}
${SYSTEM_PACKAGES}
ENV NODE_ENV=production HOME=/tmp NODE_OPTIONS=--require=/opt/toolwharf/start.cjs
COPY start.cjs serve-site.cjs /opt/toolwharf/
WORKDIR /app
COPY app/ ./
USER 10001:10001
CMD ["node"]
`,
  files: { "start.cjs": START, "serve-site.cjs": STATIC_SERVER },
};

export const STATIC_TEMPLATES = { static: site } satisfies Record<string, Template>;

import { SYSTEM_PACKAGES } from "./parts.ts";
import type { Template } from "./template.ts";

const nodejs: Template = {
  dockerfile: ({ cached }) => `ARG BASE_IMAGE
FROM \${BASE_IMAGE}
${SYSTEM_PACKAGES}
ENV NODE_ENV=production
WORKDIR /app
COPY app/package.json app/package-lock.json* ./
RUN ${cached("/root/.npm")}if [ -f package-lock.json ]; then npm ci --no-audit --no-fund; else npm install --no-audit --no-fund; fi
COPY app/ ./
ENV HOME=/tmp
USER 10001:10001
CMD ["node"]
`,
};

export const NODE_TEMPLATES = { nodejs } satisfies Record<string, Template>;

import { END_WITH_SERVER, SERVE_MCP } from "./python-helpers.ts";
import { SYSTEM_PACKAGES } from "./parts.ts";
import type { Syntax, Template } from "./template.ts";

/** uv installs everything. It comes from the package index, as everything else does: another registry may be out of reach. */
const UV_VERSION = "0.13.9";
/** Poetry only tells what its lock file says, in a form that uv reads. */
const POETRY = "poetry==2.5.1 poetry-plugin-export==1.10.1";
/** Between stdio and streamable HTTP; the bridge that Homebrew and Nixpkgs have, released every few weeks. */
const MCP_BRIDGE = "mcp-proxy==0.13.0";

const PIP_CACHE = "/root/.cache/pip";
const UV_CACHE = "/root/.cache/uv";

/** Two steps: dependencies, by files that are copied alone; and what is in the code, once it is there. */
interface Install {
  dependencies: string;
  /** Of a shell; nothing is in the code where it is empty. */
  project: string;
  /** Before dependencies, and independent of them. @default none */
  tool?: string;
}

const withRequirements = "uv pip install $INSTALL_OPTIONS --requirement requirements.txt";
const projectItself = 'if [ -n "$PROJECT" ]; then uv pip install --no-deps --editable "$PROJECT"; fi';

/** A project may pin another patch of its Python than the base image has; uv would look for that one. */
const SYNC = "uv sync --python /opt/venv/bin/python --frozen --no-dev";

const INSTALLS = {
  pip: { dependencies: `${withRequirements} --constraint constraints.txt`, project: "if [ -s /dependencies/local.txt ]; then uv pip install --requirement /dependencies/local.txt; fi" },
  uv: { dependencies: `${SYNC} --no-install-workspace --no-install-local $INSTALL_OPTIONS`, project: `${SYNC} --inexact $INSTALL_OPTIONS` },
  poetry: {
    tool: `uv venv /opt/poetry && uv pip install --python /opt/poetry/bin/python ${POETRY}`,
    dependencies: `/opt/poetry/bin/poetry export --no-interaction --only main --output requirements.txt && ${withRequirements}`,
    project: projectItself,
  },
  project: { dependencies: withRequirements, project: projectItself },
  setup: { dependencies: "", project: "uv pip install ." },
  none: { dependencies: 'if [ -n "$PACKAGES" ]; then uv pip install $PACKAGES; fi', project: "" },
} satisfies Record<string, Install>;

export type InstallName = keyof typeof INSTALLS;

/** The tool's own dependencies may have the server already; where they do not, it must not change one of them. */
const SERVER = `if [ -n "$SERVER" ] && ! /opt/venv/bin/python -c "import \${SERVER%%<*}" 2>/dev/null; then uv pip freeze > /tmp/installed.txt && uv pip install --constraint /tmp/installed.txt "$SERVER"; fi`;

interface Extras {
  helpers: Record<string, string>;
  bridge: boolean;
}

function python({ dependencies, project, tool }: Install, hasFiles: boolean, { helpers, bridge }: Extras): Template {
  const names = Object.keys(helpers);
  const lines = ({ cached }: Syntax): Array<string | false | undefined> => [
    "ARG BASE_IMAGE",
    "FROM ${BASE_IMAGE} AS system",
    SYSTEM_PACKAGES,
    "",
    "FROM system AS build",
    'ARG BUILD_PACKAGES=""',
    'RUN if [ -n "$BUILD_PACKAGES" ]; then apt-get update && apt-get install --yes --no-install-recommends $BUILD_PACKAGES; fi',
    "ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore PIP_BREAK_SYSTEM_PACKAGES=1",
    "ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_SYSTEM_CERTS=true UV_NO_PROGRESS=1 VIRTUAL_ENV=/opt/venv UV_PROJECT_ENVIRONMENT=/opt/venv",
    `RUN ${cached(PIP_CACHE)}python -m pip install uv==${UV_VERSION} && uv venv --python "$(command -v python)" /opt/venv`,
    bridge && `RUN ${cached(UV_CACHE)}uv venv --python "$(command -v python)" /opt/bridge && uv pip install --python /opt/bridge/bin/python ${MCP_BRIDGE}`,
    tool !== undefined && `RUN ${cached(UV_CACHE)}${tool}`,
    "WORKDIR /dependencies",
    hasFiles && "COPY dependencies/ ./",
    dependencies.includes("$INSTALL_OPTIONS") && 'ARG INSTALL_OPTIONS=""',
    dependencies.includes("$PACKAGES") && 'ARG PACKAGES=""',
    dependencies !== "" && `RUN ${cached(UV_CACHE)}${dependencies}`,
    'ARG SERVER=""',
    dependencies !== "" && `RUN ${cached(UV_CACHE)}${SERVER}`,
    "WORKDIR /app",
    "COPY app/ ./",
    "ARG FOLDER=.",
    "WORKDIR /app/${FOLDER}",
    project.includes("$PROJECT") && 'ARG PROJECT=""',
    project !== "" && `RUN ${cached(UV_CACHE)}${project}`,
    dependencies === "" && `RUN ${cached(UV_CACHE)}${SERVER}`,
    "RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /app || true",
    "",
    "FROM system",
    "ARG PYTHONPATH=/app",
    "ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=$PYTHONPATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp",
    ...names.map((name) => `COPY ${name} /opt/toolwharf/`),
    bridge && "COPY --from=build /opt/bridge /opt/bridge",
    "COPY --from=build /opt/venv /opt/venv",
    "COPY --from=build /app /app",
    "ARG FOLDER=.",
    "WORKDIR /app/${FOLDER}",
    "USER 10001:10001",
    'CMD ["python"]',
    "",
  ];
  return { dockerfile: (syntax) => lines(syntax).filter((line) => line !== false && line !== undefined).join("\n"), ...(names.length > 0 && { files: helpers }) };
}

const KINDS = {
  "": { helpers: {}, bridge: false },
  "-mcp-app": { helpers: { "serve_mcp.py": SERVE_MCP }, bridge: false },
  "-mcp-stdio": { helpers: { "end_with_server.py": END_WITH_SERVER }, bridge: true },
} satisfies Record<string, Extras>;

export type PythonTemplateName = `python-${InstallName}${keyof typeof KINDS}`;

export const PYTHON_TEMPLATES = Object.fromEntries(
  Object.entries(INSTALLS).flatMap(([name, install]) => Object.entries(KINDS).map(([kind, extras]) => [`python-${name}${kind}`, python(install, name !== "none" && name !== "setup", extras)])),
) as Record<PythonTemplateName, Template>;

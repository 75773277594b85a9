import { SYSTEM_PACKAGES } from "./parts.ts";
import type { Template } from "./template.ts";

/** Dependencies in a virtual environment made beside the code, bytecode compiled where the user at run time cannot. */
const python = (server: string): Template => ({
  dockerfile: ({ cached }) => `ARG BASE_IMAGE
FROM \${BASE_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /opt/venv
WORKDIR /app
COPY app/requirements*.txt ./
RUN ${cached("/root/.cache/pip")}python -m pip --python /opt/venv/bin/python install --requirement requirements.txt ${server}
COPY app/ ./
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash . || true

FROM \${BASE_IMAGE}
${SYSTEM_PACKAGES}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001:10001
CMD ["python"]
`,
});

export const PYTHON_TEMPLATES = {
  "python-flask": python("gunicorn"),
  "python-fastapi": python("uvicorn"),
} satisfies Record<string, Template>;

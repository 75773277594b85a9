/**
 * The generated Dockerfiles. Constants: nothing of the user's is ever written into one. They need no more than the
 * BuildKit inside Docker 20.10, dependencies come before code so that an edit keeps their layer, package caches stay in
 * the builder, and what runs is a numeric user without rights on its own files, at home in /tmp. What to run is the container app's.
 */

/** Dependencies in a virtual environment made beside the code, bytecode compiled where the user at run time cannot. */
const python = (server: string): string => `ARG BASE_IMAGE
FROM \${BASE_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /opt/venv
WORKDIR /app
COPY app/requirements*.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    python -m pip --python /opt/venv/bin/python install --requirement requirements.txt ${server}
COPY app/ ./
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash . || true

FROM \${BASE_IMAGE}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001:10001
CMD ["python"]
`;

export const PYTHON_FLASK = python("gunicorn");
export const PYTHON_FASTAPI = python("uvicorn");

export const NODEJS = `ARG BASE_IMAGE
FROM \${BASE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY app/package.json app/package-lock.json* ./
RUN --mount=type=cache,target=/root/.npm \\
    if [ -f package-lock.json ]; then npm ci --no-audit --no-fund; else npm install --no-audit --no-fund; fi
COPY app/ ./
ENV HOME=/tmp
USER 10001:10001
CMD ["node"]
`;

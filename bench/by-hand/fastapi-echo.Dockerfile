ARG BASE_IMAGE
FROM ${BASE_IMAGE} AS build
RUN python -m venv --without-pip /venv
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip python -m pip --python /venv/bin/python install -r requirements.txt uvicorn

FROM ${BASE_IMAGE}
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
USER 10001
CMD ["uvicorn", "--host", "0.0.0.0", "--port", "8000", "main:app"]

ARG BASE_IMAGE
FROM ${BASE_IMAGE} AS build
RUN python -m venv --without-pip /venv
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip python -m pip --python /venv/bin/python install -r requirements.txt gunicorn

FROM ${BASE_IMAGE}
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
USER 10001
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]

import { PYTHON_FASTAPI } from "../dockerfiles.ts";
import type { RecipeMaker } from "../recipe.ts";
import { recognisePython } from "./python.ts";

/** FastAPI behind uvicorn. The ingress is the only way in, so its X-Forwarded headers are believed. */
export const pythonFastapi: RecipeMaker = {
  id: "python-fastapi",
  recognise: (source) =>
    recognisePython(source, {
      id: "python-fastapi",
      version: 1,
      package: "fastapi",
      constructor: "FastAPI",
      dockerfile: PYTHON_FASTAPI,
      command: (target, port) => ["uvicorn", "--host", "0.0.0.0", "--port", String(port), "--proxy-headers", "--forwarded-allow-ips", "*", target],
    }),
};

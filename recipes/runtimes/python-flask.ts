import { PYTHON_FLASK } from "../dockerfiles.ts";
import type { RecipeMaker } from "../recipe.ts";
import { recognisePython } from "./python.ts";

/** Flask behind gunicorn: one process, as the smallest container has a quarter of a CPU; threads, as tools wait for others. */
export const pythonFlask: RecipeMaker = {
  id: "python-flask",
  recognise: (source) =>
    recognisePython(source, {
      id: "python-flask",
      version: 1,
      package: "flask",
      constructor: "Flask",
      dockerfile: PYTHON_FLASK,
      command: (target, port) => [
        "gunicorn", "--bind", `0.0.0.0:${port}`, "--workers", "1", "--threads", "16",
        // Its heartbeat file would otherwise be on the container's disk, which may block.
        "--worker-tmp-dir", "/dev/shm",
        target,
      ],
    }),
};

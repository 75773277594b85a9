import { expect, test } from "@jest/globals";
import { causeOf } from "../../components/verdict-evidence.ts";

test.each([
  ["pull", ["Failed to pull image: ImagePullBackOff"], undefined],
  ["pull", ["Field 'template.containers.tool.image' is invalid with details: 'Invalid value: \"x\": GET https:: MANIFEST_UNKNOWN: manifest'"], undefined],
  ["pull", ["GET https:: UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information."], undefined],
  ["port", ["The TargetPort 8000 does not match the listening port 5000."], "Running"],
  ["loopback", ["The container listens on 127.0.0.1:8000 only, where nothing outside it can come; it has to listen on 0.0.0.0:8000."], "Running"],
  ["start", ["Container crashing: tool. It could not be started: exec: \"gunicorn\": executable file not found in $PATH"], "Waiting"],
  ["start", ["ContainerCreateError: failed to create containerd task"], "Waiting"],
  ["crash", ["Container crashing: tool. It ended with exit code 3."], "Waiting"],
  ["crash", ["Container 'tool' was terminated with exit code '1' and reason 'ProcessExited'"], "Terminated"],
  ["crash", ["Container crashing: tool. It ended with exit code 137: out of memory, its limit is 0.5Gi."], "Terminated"],
  ["crash", ["It ended with exit code 137."], "Terminated"],
  ["crash", [], "Terminated"],
  ["probe", ["Startup probe failed: HTTP 500.", "Container terminated with exit code 137"], "Terminated"],
  ["probe", ["Probe of StartUp failed with status code: 500"], "Running"],
  ["probe", [], "Running"],
  ["unknown", [], "Waiting"],
  ["unknown", [], undefined],
])("%s: %j, container %s", (cause, details, runningState) => {
  expect(causeOf(details, runningState === undefined ? undefined : { name: "tool", runningState })).toBe(cause);
});

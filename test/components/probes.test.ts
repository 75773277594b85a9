import { describe, expect, test } from "@jest/globals";
import { probesOf } from "../../components/probes.ts";

describe("probes", () => {
  const probes = (startupSeconds: number) => probesOf({ port: 8000, path: "/health", startupSeconds }) as Array<Record<string, number | string | object>>;

  test("are one of each type, all on the health path", () => {
    expect(probes(30).map(({ type }) => type)).toEqual(["Startup", "Readiness", "Liveness"]);
    for (const probe of probes(30)) expect(probe.httpGet).toEqual({ port: 8000, path: "/health", scheme: "HTTP" });
  });

  test.each([
    [10, 1],
    [11, 2],
    [30, 3],
    [2400, 240],
  ])("give a start %d s: ten tries, %d s apart", (startupSeconds, periodSeconds) => {
    expect(probes(startupSeconds)[0]).toMatchObject({ periodSeconds, failureThreshold: 10 });
  });

  test("stay within Azure's limits", () => {
    for (const seconds of [10, 2400])
      for (const { periodSeconds, timeoutSeconds, failureThreshold, successThreshold = 1 } of probes(seconds)) {
        expect(periodSeconds).toBeGreaterThanOrEqual(1);
        expect(periodSeconds).toBeLessThanOrEqual(240);
        expect(timeoutSeconds).toBeGreaterThanOrEqual(1);
        expect(failureThreshold).toBeLessThanOrEqual(10);
        expect(successThreshold).toBe(1);
      }
  });
});

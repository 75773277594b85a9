import { request } from "node:http";

const MANIFEST_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];

/** @returns `undefined` if there is no such manifest @throws Error for any other answer, and for none within `timeoutMs` */
export function digestOf(port: number, repository: string, reference: string, timeoutMs = 10_000): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { signal: AbortSignal.timeout(timeoutMs), host: "127.0.0.1", port, method: "HEAD", path: `/v2/${repository}/manifests/${reference}`, headers: { accept: MANIFEST_TYPES.join(", ") } },
      (response) => {
        response.resume();
        const digest = response.headers["docker-content-digest"];
        if (response.statusCode === 200 && typeof digest === "string") resolve(digest);
        else if (response.statusCode === 404) resolve(undefined);
        else reject(new Error(`the registry's storage answered ${response.statusCode} for ${repository}:${reference}`));
      },
    );
    asked.once("error", (error) =>
      reject(error.name === "TimeoutError" || error.name === "AbortError" ? new Error(`the registry's storage did not answer within ${timeoutMs / 1000} s`) : error),
    );
    asked.end();
  });
}

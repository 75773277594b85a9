import { readFileSync } from "node:fs";
import { ask } from "./https-client.ts";
import type { ScratchProject } from "./scratch-project.ts";

/** A token for everything in the repository of an image, as whoever runs the scratch project. */
export async function registryToken(project: ScratchProject, image: string): Promise<string> {
  const connection = project.connection();
  const [server, rest] = [image.split("/")[0]!, image.slice(image.indexOf("/") + 1)];
  const form = async (path: string, fields: Record<string, string>) =>
    JSON.parse(
      (
        await ask(`https://${server}${path}`, connection.caFile, {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          form: new URLSearchParams(fields).toString(),
        })
      ).body,
    ) as Record<string, string>;
  const { refresh_token } = await form("/oauth2/exchange", {
    grant_type: "access_token",
    service: server,
    tenant: connection.tenantId,
    access_token: readFileSync(connection.callerTokenFile, "utf8").trim(),
  });
  const { access_token } = await form("/oauth2/token", {
    grant_type: "refresh_token",
    service: server,
    scope: `repository:${rest.split("@")[0]}:pull,push,delete`,
    refresh_token: refresh_token!,
  });
  return access_token!;
}

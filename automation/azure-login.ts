import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Who is logged in, and where. */
export interface Login {
  subscriptionId: string;
  subscriptionName: string;
  user: string;
  /** Object id in Entra ID, from the token. */
  principalId: string;
  /** Access token for ARM; never printed. */
  token: string;
}

/** Runs the Azure CLI with these arguments, and answers its JSON. */
export type RunAz = (args: string[]) => Promise<string>;

const LIMIT_MS = 30_000;

const runAz: RunAz = async (args) => (await promisify(execFile)("az", [...args, "--output", "json"], { timeout: LIMIT_MS, encoding: "utf8" })).stdout;

/**
 * Who the Azure CLI is logged in as, in the subscription that it has chosen.
 *
 * @throws the error of the process: `ENOENT` without the Azure CLI, `stderr` where nobody is logged in
 */
export async function askAzureLogin(run: RunAz = runAz): Promise<Login> {
  const account = JSON.parse(await run(["account", "show"])) as { id: string; name: string; user: { name: string } };
  const { accessToken } = JSON.parse(await run(["account", "get-access-token", "--resource", "https://management.azure.com/"])) as { accessToken: string };
  return {
    subscriptionId: account.id,
    subscriptionName: account.name,
    user: account.user.name,
    principalId: principalOf(accessToken),
    token: accessToken,
  };
}

/** The claim `oid`; the token is only read here, ARM checks it. */
function principalOf(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as { oid?: string };
  if (!claims.oid) throw new Error("the access token names no object id");
  return claims.oid;
}

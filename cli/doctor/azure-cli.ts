import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { missing, type Finding } from "./finding.ts";

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

type Run = (args: string[]) => Promise<string>;

const LIMIT_MS = 30_000;

const runAz: Run = async (args) => (await promisify(execFile)("az", [...args, "--output", "json"], { timeout: LIMIT_MS, encoding: "utf8" })).stdout;

export async function askAzureCli(run: Run = runAz): Promise<{ login: Login } | { problem: Finding }> {
  try {
    const account = JSON.parse(await run(["account", "show"])) as { id: string; name: string; user: { name: string } };
    const { accessToken } = JSON.parse(await run(["account", "get-access-token", "--resource", "https://management.azure.com/"])) as { accessToken: string };
    return {
      login: {
        subscriptionId: account.id,
        subscriptionName: account.name,
        user: account.user.name,
        principalId: principalOf(accessToken),
        token: accessToken,
      },
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return { problem: missing("Azure CLI", "az is not on PATH", "https://learn.microsoft.com/cli/azure/install-azure-cli") };
    }
    const said = ((error as { stderr?: string }).stderr ?? "").trim().split("\n").at(-1);
    return { problem: missing("Azure CLI", said || "nobody is logged in", "az login") };
  }
}

/** The claim `oid`; the token is only read here, ARM checks it. */
export function principalOf(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as { oid?: string };
  if (!claims.oid) throw new Error("the access token names no object id");
  return claims.oid;
}

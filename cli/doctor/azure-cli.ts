import { askAzureLogin, type Login, type RunAz } from "../../automation/azure-login.ts";
import { missing, type Finding } from "./finding.ts";

export async function askAzureCli(run?: RunAz): Promise<{ login: Login } | { problem: Finding }> {
  try {
    return { login: await askAzureLogin(run) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return { problem: missing("Azure CLI", "az is not on PATH", "https://learn.microsoft.com/cli/azure/install-azure-cli") };
    }
    const said = ((error as { stderr?: string }).stderr ?? "").trim().split("\n").at(-1);
    return { problem: missing("Azure CLI", said || "nobody is logged in", "az login") };
  }
}

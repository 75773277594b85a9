import { keepToken } from "../azure/access-token.ts";
import { createArmReader } from "../azure/arm-reader.ts";
import { createHttp } from "../azure/http.ts";
import { askAzureLogin } from "./azure-login.ts";
import { askEngine } from "./engine.ts";
import { repairStack, type ReadArm, type RepairReport } from "./repair.ts";
import type { Project } from "./project.ts";
import type { Deployment } from "./state-files.ts";

const ARM = "https://management.azure.com";

export interface AzureRepair {
  project: Project;
  stack: string;
  env: NodeJS.ProcessEnv;
  onRepair: () => void;
  onRepaired: (report: RepairReport) => void;
  /** What reads ARM and where; `undefined`: nobody can. @default as whom the Azure CLI is logged in */
  open?: () => Promise<{ subscriptionId: string; read: ReadArm } | undefined>;
}

/**
 * Repairs a stack on Azure whose last run was cut off: its state, in whatever backend, still has operations in flight.
 * One that is being changed right now has them too: the backend then refuses the import, and nothing is done. Where the
 * Azure CLI is not logged in nothing is repaired, and the engine says itself what it finds.
 *
 * @throws UserError `ENGINE_FAILED` when the backend refuses
 */
export async function repairOnAzure({ open = openByAzureCli, onRepair, onRepaired, ...where }: AzureRepair): Promise<void> {
  if (!(await hasOperationsInFlight(where))) return;
  const arm = await open();
  if (!arm) return;
  onRepair();
  onRepaired(await repairStack({ ...where, ...arm }));
}

/** A stack that cannot be exported is the engine's to explain. */
async function hasOperationsInFlight({ project, stack, env }: Pick<AzureRepair, "project" | "stack" | "env">): Promise<boolean> {
  const exported = await askEngine({ args: ["stack", "export", "--stack", stack], cwd: project.folder, env }).catch(() => undefined);
  const { deployment } = JSON.parse(exported ?? "{}") as { deployment?: Deployment };
  return (deployment?.pending_operations ?? []).length > 0;
}

async function openByAzureCli(): Promise<{ subscriptionId: string; read: ReadArm } | undefined> {
  const login = await askAzureLogin().catch(() => undefined);
  if (!login) return undefined;
  const known = [login.token];
  const token = keepToken(async () => known.pop() ?? (await askAzureLogin()).token);
  return { subscriptionId: login.subscriptionId, read: createArmReader({ endpoint: ARM, token, http: createHttp() }).get };
}

import { loadPulumi } from "./load-pulumi.js";
import { createProgramRunner } from "./program-runner.js";
import { serve } from "./server.js";
import { watchParent } from "./watch-parent.js";

// The engine passes its address last; flags before it concern tracing, which this host leaves to the program.
const engineAddress = process.argv.slice(2).filter((argument) => !argument.startsWith("-")).at(-1) ?? "";

const pulumi = loadPulumi([process.cwd()]);
const runner = createProgramRunner();
const port = await serve({ pulumi, runner, engineAddress });
process.stdout.write(`${port}\n`);

const leave = async () => {
  await runner.cancel();
  process.exit(0);
};
process.once("SIGTERM", leave);
process.once("SIGINT", leave);
watchParent(leave);

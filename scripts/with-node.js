// node scripts/with-node.js <script> [arguments]: runs a script of the project with the Node that the project needs.
import { fileURLToPath } from "node:url";
import { runStep } from "./run-step.js";
import { foldersOf } from "./setup/folders.js";
import { findNode } from "./setup/node.js";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const node = findNode(foldersOf(root, process.env));
if (node) {
  process.exitCode = await runStep(node, process.argv.slice(2), { cwd: root });
} else {
  process.stderr.write("NOT_SET_UP: no Node here can run TypeScript. Run: npm run setup\n");
  process.exitCode = 1;
}

// A tool for tests, without dependencies: `/slow/<ms>` answers late, everything with the name of the replica that answers.
import { createServer } from "node:http";

createServer((request, response) => {
  const late = Number(/^\/slow\/(\d+)$/.exec(request.url)?.[1] ?? 0);
  request.resume();
  setTimeout(() => response.end(process.env.CONTAINER_APP_REPLICA_NAME), late);
}).listen(Number(process.env.PORT));

// At once: whoever stops it has to have waited for its requests.
process.on("SIGTERM", () => process.exit(0));

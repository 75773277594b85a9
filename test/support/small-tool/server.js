// A tool for tests, without dependencies: `/slow/<ms>` answers late, everything with the name of the replica that answers.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  const late = Number(/^\/slow\/(\d+)$/.exec(request.url)?.[1] ?? 0);
  request.resume();
  setTimeout(() => response.end(process.env.CONTAINER_APP_REPLICA_NAME), late);
});
server.listen(Number(process.env.PORT));

process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

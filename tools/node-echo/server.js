// Answers with what it was sent.
import express from "express";

const app = express();
app.disable("x-powered-by");
app.use(express.text({ type: "*/*", limit: "1mb" }));

app.get("/", (_request, response) => {
  response.json({ tool: "node-echo", message: "Hello from Node" });
});

app.all("/echo", (request, response) => {
  response.json({ method: request.method, query: request.query, body: typeof request.body === "string" ? request.body : "" });
});

app.get("/health", (_request, response) => {
  response.json({ status: "ok" });
});

const server = app.listen(Number(process.env.PORT ?? 8000));

// Requests in flight are answered before the process ends; Azure waits 30 seconds for that.
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}

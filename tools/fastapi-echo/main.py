"""Answers with what it was sent. uvicorn stops gracefully on SIGTERM."""

from fastapi import FastAPI, Request

app = FastAPI(title="fastapi-echo")


@app.get("/")
async def index():
    return {"tool": "fastapi-echo", "message": "Hello from FastAPI"}


@app.api_route("/echo", methods=["GET", "POST"])
async def echo(request: Request):
    body = await request.body()
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    return {"method": request.method, "query": query, "body": body.decode("utf-8", "replace")}


@app.get("/health")
async def health():
    return {"status": "ok"}

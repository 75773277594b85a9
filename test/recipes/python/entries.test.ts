import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { detect, refusalOf } from "./detect.ts";

const web = { "requirements.txt": "flask\nfastapi\nfastmcp\n" };
const FLASK = "from flask import Flask\n";
const FASTAPI = "from fastapi import FastAPI\n";

describe("an application is found", () => {
  test.each<[string, string, string]>([
    ["app.py", `${FLASK}app = Flask(__name__)`, "app:app"],
    ["web.py", "import flask\nserver: flask.Flask = flask.Flask(__name__)", "web:server"],
    ["web.py", "import flask as f\nx = y = f.Flask('x')", "web:x"],
    ["main.py", "from fastapi import (\n  FastAPI as Api,\n)\napi: Api = Api(\n  title='x',\n)", "main:api"],
    ["main.py", `${FASTAPI}try:\n    import uvloop\nexcept ImportError:\n    uvloop = None\nif True:\n    app = FastAPI()`, "main:app"],
    ["main.py", `${FASTAPI}app = (\n    FastAPI()\n)\napp = FastAPI()`, "main:app"],
    ["main.py", `${FASTAPI}class Other: pass\napp = FastAPI()\nother = Other()`, "main:app"],
    ["a/b/__init__.py", `${FASTAPI}app = FastAPI()`, "a.b:app"],
    ["src/tool/web.py", `${FASTAPI}app = FastAPI()`, "tool.web:app"],
    ["app.py", `${FLASK}def create_app(config=None, *args, **more):\n    app = Flask(__name__)\n    return app`, "app:create_app()"],
    ["app.py", `${FLASK}def make() -> Flask:\n    return Flask(__name__)`, "app:make()"],
    ["app.py", `${FLASK}def make(name):\n    return Flask(name)\nweb = make("x")`, "app:web"],
    ["s.py", "from fastmcp import FastMCP\nmcp = FastMCP('x')", "s:mcp"],
    ["s.py", "import fastmcp\nmcp: fastmcp.FastMCP = fastmcp.FastMCP('x')", "s:mcp"],
  ])("%s: %j is %s", async (file, code, target) => {
    const both: Record<string, string> = file.endsWith("b/__init__.py") ? { "a/__init__.py": "" } : {};
    const recipe = await detect({ ...web, ...both, [file]: code });
    expect(recipe.entrypoint).toBe(target);
  });

  test("through another module of the tool", async () => {
    const files = { "pkg/__init__.py": "from .factory import create_app\n", "pkg/factory.py": `${FLASK}def create_app():\n    app = Flask(__name__)\n    return app\n`, "wsgi.py": "from pkg import create_app\napplication = create_app()\n" };
    expect(await detect({ ...web, ...files })).toMatchObject({ entrypoint: "wsgi:application", runtime: "python-flask" });
  });

  test("by a manifest, which may name a module of a package: that the folder has none is among the reasons", async () => {
    const files = { ...web, "app.py": `${FLASK}app = Flask(__name__)` };
    expect((await detect({ ...files, "tool.yaml": "entrypoint: main:app" })).reasons).toContain("entry point main:app, because tool.yaml says so; the folder has no module main, so a package must have it");
    expect((await detect({ ...files, "tool.yaml": "entrypoint: app:other" })).reasons).toContain("entry point app:other, because tool.yaml says so");
  });

  test("and what it mounts is part of it", async () => {
    const files = { "main.py": `${FASTAPI}from inner import inner\napp = FastAPI()\napp.mount("/inner", inner)\n`, "inner.py": `${FASTAPI}inner = FastAPI()\n` };
    expect((await detect({ ...web, ...files })).entrypoint).toBe("main:app");
  });

  test("behind a name that only looks like one, it is not", async () => {
    const { problems } = await refusalOf({ ...web, "app.py": "def Flask(x): return x\napp = Flask(1)\ntext = 'app = Flask(__name__)'\n# app = Flask()\n" });
    expect(problems).toEqual([expect.stringMatching(/^requirements\.txt:1 asks for flask, but nothing that starts it was found: app\.py has none\. Needed: .*entrypoint: module:variable/)]);
  });

  test("that needs arguments is not started without them", async () => {
    expect((await refusalOf({ ...web, "app.py": `${FLASK}def create_app(config):\n    return Flask(__name__)\n` })).code).toBe("ENTRYPOINT_MISSING");
  });

  test("in tests and examples, it is none of the tool's", async () => {
    const app = `${FASTAPI}app = FastAPI()\n`;
    expect((await detect({ ...web, "main.py": app, "tests/helper.py": app, "examples/demo.py": app, "test_main.py": app })).entrypoint).toBe("main:app");
  });

  test("no code whatever breaks the search", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-z()\[\]{}:=.,@ \n"'\\fF]{0,80}$/)), async (code) => {
        await detect({ ...web, "app.py": code }).catch((error: unknown) => expect(error).toHaveProperty("code"));
      }),
      { numRuns: 100 },
    );
  });

  test("no code is so deep or long that the search takes long", async () => {
    for (const deep of ["(".repeat(20_000), `x = ${"a.".repeat(20_000)}b()`, `${"[".repeat(20_000)}1`, `x = ${"f(".repeat(20_000)}`, `x = ${'mount("/",'.repeat(5_000)}`, `${"x = f(1)\n".repeat(25_000)}`]) expect((await refusalOf({ ...web, "app.py": deep })).code).toBe("ENTRYPOINT_MISSING");
  }, 20_000);
});

describe("a manifest's entry point is taken as it is", () => {
  test.each<[string, string[]]>([
    ["entrypoint: other:thing\nruntime: python-fastapi", ["uvicorn", "other:thing"]],
    ["entrypoint: main:app", ["uvicorn", "main:app"]],
    ["entrypoint: main:make()\nruntime: python-flask", ["gunicorn", "main:make()"]],
    ["entrypoint: main.py", ["python", "main.py"]],
  ])("%j", async (manifest, [first, last]) => {
    const { command } = await detect({ ...web, "main.py": `${FASTAPI}app = FastAPI()\nadmin = FastAPI()\n`, "tool.yaml": manifest });
    expect([command!.at(0), command!.at(-1)]).toEqual([first, last]);
  });

  test("and so is its command", async () => {
    const recipe = await detect({ ...web, "main.py": "print(1)", "tool.yaml": "command: [python, main.py, --serve]\nruntime: python" });
    expect(recipe).toMatchObject({ runtime: "python", command: ["python", "main.py", "--serve"] });
    expect(recipe).not.toHaveProperty("entrypoint");
  });
});

describe("a program that listens itself", () => {
  test.each<[string, number]>([
    ["import tornado.web\napp = tornado.web.Application([])\napp.listen(8888)\n", 8888],
    ["from waitress import serve\nif __name__ == '__main__':\n    serve(f, host='0.0.0.0', port=5001)\n", 5001],
    ["import os, uvicorn\nuvicorn.run(f, host='0.0.0.0', port=int(os.environ['PORT']))\n", 8000],
    ["import uvicorn\nPORT: int = 9_000\ndef main():\n    uvicorn.run(f, host='0.0.0.0', port=PORT)\nif '__main__' == __name__:\n    main()\n", 9000],
  ])("%j is run, with port %d", async (code, port) => {
    expect(await detect({ "main.py": code, "requirements.txt": "" })).toMatchObject({ runtime: "python", entrypoint: "main.py", command: ["python", "main.py"], port });
  });

  test("on 127.0.0.1 because its server does so by default is refused", async () => {
    expect((await refusalOf({ "main.py": "import uvicorn\nuvicorn.run(f)\n" })).problems).toEqual(["main.py:2: listens on 127.0.0.1, which only its own container reaches; listen on 0.0.0.0"]);
  });

  test("is no tool where it only could listen", async () => {
    expect((await refusalOf({ "main.py": "from http.server import HTTPServer\ndef start():\n    HTTPServer(('', 1), None)\n" })).code).toBe("RUNTIME_UNKNOWN");
  });
});

describe("the health path", () => {
  const health = async (code: string) => (await detect({ ...web, "main.py": code })).healthPath;

  test.each<[string, string]>([
    [`${FASTAPI}app = FastAPI()\n@app.get("/items/{id}/health")\ndef a(): ...\n@app.post("/health")\ndef b(): ...\n`, "/openapi.json"],
    [`${FASTAPI}app = FastAPI(openapi_url=None)\n`, "/health"],
    [`${FASTAPI}app = FastAPI(openapi_url="/api.json")\n`, "/api.json"],
    [`${FASTAPI}app = FastAPI()\n@app.get(path="/api/ping")\ndef a(): ...\n@app.get("/")\ndef b(): ...\n`, "/api/ping"],
    [`${FLASK}from flask import Blueprint\nbp = Blueprint("x", __name__, url_prefix="/old")\n@bp.route("/ready")\ndef a(): ...\napp = Flask(__name__)\napp.register_blueprint(bp, url_prefix="/new")\n`, "/new/ready"],
    [`${FLASK}from flask import Blueprint\nbp = Blueprint("x", __name__)\n@bp.route("/ready")\ndef a(): ...\napp = Flask(__name__)\n`, "/health"],
    [`${FLASK}app = Flask(__name__)\n@app.route("/healthz", methods=["POST"])\ndef a(): ...\n`, "/health"],
    [`${FLASK}P = "/x"\nfrom flask import Blueprint\nbp = Blueprint("x", __name__, url_prefix=P)\n@bp.route("/ready")\ndef a(): ...\napp = Flask(__name__)\napp.register_blueprint(bp)\n`, "/health"],
  ])("%j: %s", async (code, path) => {
    expect(await health(code)).toBe(path);
  });
});

describe("an MCP server", () => {
  test("made inside of a function is bridged from stdio", async () => {
    const code = 'from fastmcp import FastMCP\nasync def main():\n    mcp = FastMCP("x")\n    await mcp.run_async()\nif __name__ == "__main__":\n    main()\n';
    const recipe = await detect({ ...web, "main.py": code });
    expect(recipe).toMatchObject({ protocol: "mcp", entrypoint: "main.py", healthPath: "/status" });
    expect(recipe.command!.slice(-4)).toEqual(["python", "/opt/toolwharf/end_with_server.py", "python", "main.py"]);
  });

  test.each<[string, boolean]>([["mcp", true], ["mcp>=1.2", true], ["mcp[cli]", true], ["mcp<2", false], ["mcp==1.9.0", false], ["mcp~=1.2", false]])("of the SDK's first version that asks for %s gets no other: %s", async (requirement, added) => {
    const recipe = await detect({ "requirements.txt": `${requirement}\n`, "s.py": 'from mcp.server.fastmcp import FastMCP\nmcp = FastMCP("x")\n' });
    expect(recipe.build.files["dependencies/requirements.txt"]).toBe(`${requirement}\n${added ? "mcp<2\n" : ""}`);
  });
});

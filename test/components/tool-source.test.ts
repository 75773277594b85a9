import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openFileDigests } from "../../components/file-digests.ts";
import { readToolSource } from "../../components/tool-source.ts";
import { folderTree } from "../../recipes/folder-tree.ts";
import { parseIgnoreRules } from "../../recipes/ignore-rules.ts";
import { listSource } from "../../recipes/source-listing.ts";

const here = process.cwd();
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "toolwharf-source-"));
  process.chdir(root);
});
afterEach(() => {
  process.chdir(here);
  rmSync(root, { recursive: true });
});

const write = (file: string, text: string, mode?: number) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (mode !== undefined) chmodSync(file, mode);
};
const flask = () => {
  write("tools/weather/requirements.txt", "flask\n");
  write("tools/weather/app.py", "from flask import Flask\napp = Flask(__name__)\n");
};
const read = (baseImages?: Record<string, string>) => readToolSource({ name: "weather", folder: "tools/weather", baseImages });
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe("a tool's source", () => {
  test("is staged with a generated Dockerfile beside its files, at paths that are the same everywhere", async () => {
    flask();
    const source = await read();
    expect(source).toMatchObject({
      recipe: { runtime: "python-flask" },
      tag: expect.stringMatching(/^[0-9a-f]{24}$/),
      context: ".toolwharf/contexts/weather",
      dockerfile: ".toolwharf/contexts/weather/Dockerfile",
      buildArgs: { BASE_IMAGE: "python:3.11-slim-bookworm", IMAGE_TITLE: "tools/weather", IMAGE_VERSION: expect.any(String) },
    });
    expect(readdirSync(source.context, { recursive: true }).sort()).toEqual(["Dockerfile", "app", "app/app.py", "app/requirements.txt", "dependencies", "dependencies/constraints.txt", "dependencies/local.txt", "dependencies/requirements.txt"]);
    expect(readFileSync(source.dockerfile, "utf8")).toBe(source.recipe.dockerfile);
  });

  test("with a Dockerfile of its own is staged as it is", async () => {
    write("tools/weather/Dockerfile", "FROM scratch\n");
    write("tools/weather/src/main.c", "");
    const source = await read();
    expect(readdirSync(source.context, { recursive: true }).sort()).toEqual(["Dockerfile", "src", "src/main.c"]);
    expect(readFileSync(source.dockerfile, "utf8")).toBe("FROM scratch\n");
    expect(source.buildArgs).toEqual({});
  });

  test("has the same modes and the same tag under any umask", async () => {
    flask();
    write("tools/weather/bin/run", "#!/bin/sh\n", 0o744);
    const { tag, context } = await read();
    const modes = () => ["", "app", "app/bin", "app/bin/run", "app/app.py", "Dockerfile"].map((path) => modeOf(join(context, path)));
    expect(modes()).toEqual(["755", "755", "755", "755", "644", "644"]);

    rmSync(".toolwharf", { recursive: true });
    for (const file of ["app.py", "requirements.txt"]) chmodSync(`tools/weather/${file}`, 0o600);
    const before = process.umask(0o077);
    try {
      expect((await read()).tag).toBe(tag);
      expect(modes()).toEqual(["755", "755", "755", "755", "644", "644"]);
    } finally {
      process.umask(before);
    }
  });

  test("is staged again only when it changed, and then anew", async () => {
    flask();
    write("tools/weather/old.py", "");
    const first = await read();
    const inode = () => statSync(first.context).ino;
    const before = inode();
    utimesSync("tools/weather/app.py", 1, 1);
    expect((await read()).tag).toBe(first.tag);
    expect(inode()).toBe(before);

    rmSync("tools/weather/old.py");
    const second = await read();
    expect(second.tag).not.toBe(first.tag);
    expect(readdirSync(join(second.context, "app")).sort()).toEqual(["app.py", "requirements.txt"]);
  });

  test("is staged again after an interruption", async () => {
    flask();
    const { context } = await read();
    rmSync(context, { recursive: true });
    await read();
    expect(readdirSync(join(context, "app"))).toHaveLength(2);
    rmSync(".toolwharf/contexts/weather.stamp");
    rmSync(join(context, "app"), { recursive: true });
    await read();
    expect(readdirSync(join(context, "app"))).toHaveLength(2);
    expect(readdirSync(".toolwharf/contexts").sort()).toEqual(["weather", "weather.stamp"]);
  });

  test("has another tag on another base image, and is not staged for that", async () => {
    flask();
    const first = await read();
    const before = statSync(first.context).ino;
    const second = await read({ "python:3.11-slim-bookworm": "mirror/python" });
    expect(second.tag).not.toBe(first.tag);
    expect(second.buildArgs).toMatchObject({ BASE_IMAGE: "mirror/python", IMAGE_VERSION: second.tag });
    expect(statSync(first.context).ino).toBe(before);
  });

  test("has what its manifest says, and what is set for it comes before that", async () => {
    flask();
    write("tools/weather/tool.yaml", "port: 9000\nhealthPath: /ready\nresources: { cpu: 1 }\nenvironment: { LEVEL: debug }\nsecrets: [API_KEY]\ntags: { team: rain }\nttl: 1h\n");
    const source = await read();
    expect(source).toMatchObject({
      recipe: { port: 9000, healthPath: "/ready", command: expect.arrayContaining(["0.0.0.0:9000"]) },
      settings: { targetPort: 9000, healthPath: "/ready", cpu: 1, memory: "2Gi" },
      environment: { LEVEL: "debug" },
      tags: { team: "rain", "toolwharf-ttl-seconds": "3600" },
      secretNames: ["API_KEY"],
    });
    const set = await readToolSource({ name: "weather", folder: "tools/weather", own: { targetPort: 9001 } });
    expect(set).toMatchObject({ recipe: { port: 9001, command: expect.arrayContaining(["0.0.0.0:9001"]) }, settings: { targetPort: 9001, healthPath: "/ready" } });
    expect(set.tag).toBe(source.tag);
  });

  test("is the same image whatever its manifest says of how it runs, and has no manifest in it", async () => {
    flask();
    const { tag } = await read();
    write("tools/weather/tool.yaml", "resources: { cpu: 1 }\n");
    const source = await read();
    expect(source.tag).toBe(tag);
    expect(readdirSync(join(source.context, "app"))).not.toContain("tool.yaml");
  });

  test("mounts storages that there are", async () => {
    flask();
    write("tools/weather/tool.yaml", "volumes:\n  - { storage: data, mountPath: /data }\n");
    const tool = { name: "weather", folder: "tools/weather" };
    expect((await readToolSource({ ...tool, storages: ["data"] })).settings.volumes).toEqual([{ storage: "data", mountPath: "/data" }]);
    expect((await readToolSource(tool)).settings.volumes).toHaveLength(1);
    await expect(readToolSource({ ...tool, storages: ["other"] })).rejects.toMatchObject({ message: 'tool.yaml:2:16: volumes[0].storage is "data"; allowed: a storage of the platform (toolwharf:storages): other' });
  });

  test("cannot have another name than its folder", async () => {
    flask();
    write("tools/weather/tool.yaml", "name: rain\n");
    await expect(read()).rejects.toMatchObject({ code: "TOOL_NAME_INVALID", message: expect.stringContaining('tool.yaml:1:7: name is "rain", and the folder is called "weather"') });
  });

  test("with a Dockerfile in scripts/ is staged with its own context and target", async () => {
    write("tools/weather/tool.yaml", "component: billing\nbuild: { dockerfile: scripts/Dockerfile, context: src, target: final, args: { A: 1 } }\n");
    write("tools/weather/scripts/Dockerfile", "FROM scratch AS final\n");
    write("tools/weather/src/main.c", "");
    const source = await read();
    expect(source).toMatchObject({ context: ".toolwharf/contexts/weather/src", dockerfile: ".toolwharf/contexts/weather.Dockerfile", target: "final", buildArgs: { A: "1" } });
    expect(readFileSync(source.dockerfile, "utf8")).toBe("FROM scratch AS final\n");
    expect(readdirSync(source.context)).toEqual(["main.c"]);
  });

  test("whose ignore file names the Dockerfile is built with it, and COPY does not find it", async () => {
    write("tools/weather/Dockerfile", "FROM scratch\n");
    write("tools/weather/.dockerignore", "*\n!main.c\n");
    write("tools/weather/main.c", "");
    const first = await read();
    expect(readdirSync(first.context)).toEqual(["main.c"]);
    expect(readFileSync(first.dockerfile, "utf8")).toBe("FROM scratch\n");
    write("tools/weather/Dockerfile", "FROM scratch AS other\n");
    const second = await read();
    expect(second.tag).not.toBe(first.tag);
    expect(readFileSync(second.dockerfile, "utf8")).toBe("FROM scratch AS other\n");
  });

  test("is not written to", async () => {
    flask();
    const before = readdirSync("tools", { recursive: true }).map((name) => [name, statSync(join("tools", String(name))).mtimeMs]);
    await read();
    expect(readdirSync("tools", { recursive: true }).map((name) => [name, statSync(join("tools", String(name))).mtimeMs])).toEqual(before);
  });
});

describe("remembered digests", () => {
  const age = (file: string) => utimesSync(file, 1_000, 1_000);
  const open = async () => {
    const digests = openFileDigests("cache/weather.json");
    const [file] = await listSource(folderTree("tool"), parseIgnoreRules(""));
    return { digests, file: file! };
  };

  test("of a file that changed lately are not kept: it may change again within a tick of the clock", async () => {
    write("tool/app.py", "one");
    const { digests, file } = await open();
    await digests.digest(file);
    digests.save();
    expect(() => readFileSync("cache/weather.json")).toThrow(/ENOENT/);
  });

  test("stand for a file whose size and times are the same, and for no other", async () => {
    write("tool/app.py", "one");
    age("tool/app.py");
    const { digests, file } = await open();
    const old = { ...file, stamp: { ...file.stamp!, ctimeNs: 5n } };
    const digest = await digests.digest(old);
    digests.save();

    write("tool/app.py", "two");
    const again = openFileDigests("cache/weather.json");
    expect(await again.digest(old)).toBe(digest);
    for (const changed of [{ ...old, size: 4 }, ...(["ino", "mtimeNs", "ctimeNs"] as const).map((key) => ({ ...old, stamp: { ...old.stamp, [key]: 6n } }))]) {
      expect(await openFileDigests("cache/weather.json").digest(changed)).not.toBe(digest);
    }
  });

  test("answer the same for the whole run, whatever happens to the file", async () => {
    write("tool/app.py", "one");
    const { digests, file } = await open();
    const before = await digests.digest(file);
    write("tool/app.py", "two");
    expect(await digests.digest(file)).toBe(before);
  });

  test("of files that are gone are forgotten, and a broken file of them is an empty one", async () => {
    write("cache/weather.json", '{"gone.py":{"stamp":["1","2","3","4"],"sha256":"x"}}');
    openFileDigests("cache/weather.json").save();
    expect(readFileSync("cache/weather.json", "utf8")).toBe("{}");
    write("cache/weather.json", "{");
    write("tool/app.py", "one");
    const { digests, file } = await open();
    expect(await digests.digest(file)).toMatch(/^[0-9a-f]{64}$/);
  });
});

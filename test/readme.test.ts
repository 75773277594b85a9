import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { COMMANDS } from "../cli/commands.ts";
import { CHECKOUT } from "./support/scratch-project.ts";

const read = (file: string) => readFileSync(join(CHECKOUT, file), "utf8");
const readme = read("README.md");

describe("the README", () => {
  test("is under 150 lines", () => {
    expect(readme.split("\n").length - 1).toBeLessThan(150);
  });

  test("names every setting of Pulumi.yaml, with its default where that is one word", () => {
    const { config } = parse(read("Pulumi.yaml")) as { config: Record<string, { default?: unknown }> };
    const table = readme.slice(readme.indexOf("## Configuration"), readme.indexOf("## Outputs"));
    const rows = table.split("\n").filter((line) => line.startsWith("| `"));
    const missing = Object.keys(config).filter((key) => !rows.some((row) => row.split("|")[1]!.includes(`\`${key}\``)));
    expect(missing).toEqual([]);
    for (const [key, { default: value }] of Object.entries(config)) {
      if (typeof value === "number" && value !== 443) expect(rows.find((row) => row.includes(`\`${key}\``))).toContain(String(value));
    }
  });

  test("names only commands that there are, and all of them", () => {
    const table = readme.slice(readme.indexOf("## Commands"), readme.indexOf("## A tool"));
    const cells = table.split("\n").flatMap((line) => (line.startsWith("| `") ? [line.split(" | ")[0]!] : []));
    const named = cells.flatMap((cell) => [...cell.matchAll(/`npx toolwharf ([^`]+)`/g)]).flatMap(([, usage]) => {
      const words = usage!.replace(/[[<].*$/, "").trim().split(" ");
      return words.pop()!.split("\\|").map((verb) => [...words, verb].join(" "));
    });
    expect(named.sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });

  test("names only npm scripts and files that there are", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const docs = `${readme}${read("CONTRIBUTING.md")}`;
    const named = [...docs.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const links = [...docs.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, file]) => file!);
    expect(links.filter((file) => !existsSync(join(CHECKOUT, file.replace(/#.*$/, ""))))).toEqual([]);
  });
});

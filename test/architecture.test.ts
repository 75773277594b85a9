import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { CHECKOUT } from "./support/scratch-project.ts";

/** Which of our folders a folder may import from; imports point one way. */
const MAY_IMPORT: Record<string, string[]> = {
  recipes: [],
  azure: [],
  builders: ["recipes"],
  components: ["recipes", "azure", "builders"],
  automation: ["recipes", "azure", "builders", "components", "local"],
  cli: ["recipes", "azure", "builders", "components", "automation", "local"],
  local: ["builders"],
  "index.ts": ["azure", "components", "recipes"],
};

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], { cwd: CHECKOUT, encoding: "utf8" })
  .split("\n")
  .filter((file) => file.split("/")[0]! in MAY_IMPORT && existsSync(join(CHECKOUT, file)));

/** Of builders/, local/ may use what knows Docker and nothing of ours. */
const LOCAL_MAY_USE = /^builders\/docker\//;

const imports = (file: string) =>
  [...readFileSync(join(CHECKOUT, file), "utf8").matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);

describe("the architecture", () => {
  test("imports point one way", () => {
    const wrong = files.flatMap((file) => {
      const own = file.split("/")[0]!;
      return imports(file)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => normalize(join(dirname(file), specifier)).split("/")[0]!)
        .filter((folder) => folder !== own && !MAY_IMPORT[own]!.includes(folder))
        .map((folder) => `${file} imports from ${folder}/`);
    });
    expect(wrong).toEqual([]);
  });

  test("local knows Docker's and Azure's shapes, not ours", () => {
    const wrong = files
      .filter((file) => file.startsWith("local/"))
      .flatMap((file) => imports(file).map((specifier) => normalize(join(dirname(file), specifier))))
      .filter((target) => target.startsWith("builders/") && !LOCAL_MAY_USE.test(target));
    expect(wrong).toEqual([]);
  });

  test("only automation/ drives the Automation API", () => {
    const users = files.filter((file) => imports(file).some((specifier) => specifier.startsWith("@pulumi/pulumi/automation")));
    expect(users.filter((file) => !file.startsWith("automation/"))).toEqual([]);
  });

  test("recipes know neither Pulumi nor the network", () => {
    const forbidden = files
      .filter((file) => file.startsWith("recipes/"))
      .flatMap((file) => imports(file).filter((specifier) => /^@pulumi|^node:(net|http|https|child_process)/.test(specifier)).map((specifier) => `${file}: ${specifier}`));
    expect(forbidden).toEqual([]);
  });
});

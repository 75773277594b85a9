import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { publishedSchema } from "../../recipes/manifest/definition.ts";
import { CHECKOUT } from "../support/scratch-project.ts";
import { join } from "node:path";

test("the published schema is that of the definition (npm run schema writes it)", () => {
  expect(JSON.parse(readFileSync(join(CHECKOUT, "recipes/manifest/tool.schema.json"), "utf8"))).toEqual(publishedSchema());
});

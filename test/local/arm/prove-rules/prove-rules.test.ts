import { expect, test } from "@jest/globals";
import { findRules, withoutRule } from "./find-rules.ts";
import { rowsThatFail } from "./pool.ts";
import { allRules } from "./scope.ts";

/** What is left of the line that had the rule. */
const removed = (file: string, source: string) => findRules(file, source).map((rule) => withoutRule(source, rule));

test.each([
  ["what is thrown", "validate.ts", 'function f() { throw new ArmError("A", "b"); }', ["function f() { {} }"]],
  [
    "each condition of a refusal",
    "validate.ts",
    'if (a || b > 1) throw invalid("x");',
    ["if (false || b > 1) throw invalid(\"x\");", "if (a || false) throw invalid(\"x\");", "if (a || b > 1) {}"],
  ],
  [
    "each condition of an acceptance that a refusal follows",
    "validate.ts",
    "function f() { if (a && b) return a; throw invalid(); }",
    ["function f() { if (true && b) return a; throw invalid(); }", "function f() { if (a && true) return a; throw invalid(); }", "function f() { if (a && b) return a; {} }"],
  ],
  ["a condition that a constant holds", "validate.ts", "{ const bad = a || b; if (bad) throw no(); }", ["{ const bad = false || b; if (bad) throw no(); }", "{ const bad = a || false; if (bad) throw no(); }", "{ const bad = a || b; if (bad) {} }"]],
  ["one of several problems", "validate.ts", 'const problems = [...(a ? ["a"] : [])];', ["const problems = [...[]];"]],
  ["a check that is called", "validate.ts", "checkName(name);", [";"]],
  ["limits", "constants.ts", "const MIN_A = 1; const MAX_A = 5; const DEFAULT_A = 2;", ["const MIN_A = -Infinity; const MAX_A = 5; const DEFAULT_A = 2;", "const MIN_A = 1; const MAX_A = Infinity; const DEFAULT_A = 2;"]],
  ["a range", "constants.ts", "const R = { min: 1, max: 5 };", ["const R = { min: -Infinity, max: 5 };", "const R = { min: 1, max: Infinity };"]],
  ["an expression", "constants.ts", "const NAME = /^a$/;", ["const NAME = /^[^]*$/;"]],
  ["the type of a value", "container-apps/shape.ts", 'const S = { a: "string" };', ['const S = { a: "any" };']],
  ["what is not emulated", "not-emulated.ts", 'const T: Unsupported[] = [{ path: "a" }];', ["const T: Unsupported[] = [...[]];"]],
  ["nothing in what only passes an error on", "validate.ts", "try { f(); } catch (error) { throw error; }", []],
])("finds %s", (_what, file, source, without) => {
  expect(removed(file, source)).toEqual(without);
});

test("a rule whose only row is gone from the table is noticed", async () => {
  const rule = allRules().find(({ file, text }) => file.endsWith("managed-environments/not-emulated.ts") && text.includes("zoneRedundant"))!;
  const row = "properties.zoneRedundant of managedEnvironments is not emulated";
  expect(await rowsThatFail([rule])).toEqual([`what is not emulated: ${row}`]);
  expect(await rowsThatFail([rule], [row])).toEqual([undefined]);
}, 30_000);

test("finds the rules of every service", () => {
  const services = new Set(allRules().map(({ file }) => file.split("/")[2]));
  for (const service of ["authorization", "container-apps", "container-registry", "http-route-configs", "managed-environment-storages", "managed-environments", "managed-identity", "operational-insights", "resources"]) expect(services).toContain(service);
});

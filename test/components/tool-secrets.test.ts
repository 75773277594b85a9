import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { SettingsProblems } from "../../components/settings-problems.ts";
import { checkToolSecrets, readToolSecrets, secretName } from "../../components/tool-secrets.ts";
import { mockEngine } from "./mocks.ts";

const HIDDEN = "p4ssw0rd";

async function problemsOf(text: string, encrypted = ["toolwharf:toolSecrets"]): Promise<string> {
  await mockEngine();
  const problems = new SettingsProblems();
  readToolSecrets(text, encrypted, problems);
  try {
    problems.throwIfAny();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("values of secrets", () => {
  test("are read by tool and variable", () => {
    const problems = new SettingsProblems();
    expect(readToolSecrets(JSON.stringify({ weather: { API_KEY: HIDDEN } }), ["toolwharf:toolSecrets"], problems)).toEqual({ weather: { API_KEY: HIDDEN } });
    expect(readToolSecrets(undefined, [], problems)).toEqual({});
    problems.throwIfAny();
  });

  test("must be encrypted in the settings file", async () => {
    const message = await problemsOf(JSON.stringify({ weather: { API_KEY: HIDDEN } }), ["toolwharf:storageKeys"]);
    expect(message).toContain("toolwharf:toolSecrets can be read by everybody who reads the settings file; allowed: encrypted: pulumi config rm toolwharf:toolSecrets, then pulumi config set --secret --path toolwharf:toolSecrets.<tool>.<NAME>");
    expect(message).not.toContain(HIDDEN);
    expect(await problemsOf("{}", [])).toBe("");
  });

  test.each([
    [HIDDEN, "toolwharf:toolSecrets is not an object"],
    [`{"weather": "${HIDDEN}"}`, "toolwharf:toolSecrets.weather is not an object"],
    [`{"weather": {"API KEY": "${HIDDEN}"}}`, 'toolwharf:toolSecrets.weather has the name "API KEY"'],
    [`{"weather": {"PORT": "${HIDDEN}"}}`, 'toolwharf:toolSecrets.weather has the name "PORT"'],
    [`{"weather": {"A": ["${HIDDEN}"]}}`, "toolwharf:toolSecrets.weather.A is not a text"],
    [`{"weather": {"A": ""}}`, "toolwharf:toolSecrets.weather.A is not a text, or an empty one"],
  ])("that cannot be used are refused without a word of them: %s", async (text, problem) => {
    const message = await problemsOf(text);
    expect(message).toContain(problem);
    expect(message).not.toContain(HIDDEN);
  });

  test("that are missing are named, with the commands that set them", () => {
    expect(() => checkToolSecrets("weather", ["A", "B", "C"], { B: HIDDEN }, "dev")).toThrow(
      "SECRET_MISSING: weather: its manifest names secrets that have no value\n  missing: A, C\n  next:\n    pulumi config set --secret --path 'toolwharf:toolSecrets.weather.A' --stack dev\n    pulumi config set --secret --path 'toolwharf:toolSecrets.weather.C' --stack dev",
    );
    expect(() => checkToolSecrets("weather", ["A"], {}, "local")).toThrow(
      "  next:\n    eval \"$(npx toolwharf local env)\"\n    pulumi config set --secret --path 'toolwharf:toolSecrets.weather.A' --stack local --config-file .toolwharf/stacks/Pulumi.local.yaml",
    );
    expect(() => checkToolSecrets("weather", ["B"], { B: HIDDEN, D: HIDDEN }, "dev")).not.toThrow();
  });
});

describe("a secret's name in Azure", () => {
  test.each([["API_KEY", "api-key"], ["A1", "a1"]])("of %s is %s", (variable, name) => {
    expect(secretName(variable)).toBe(name);
  });

  test("is within its 253 characters for the longest variable", () => {
    const [one, other] = ["a", "b"].map((end) => secretName(`${"x".repeat(252)}${end}`));
    expect(one).toMatch(/^[a-z0-9-]{1,253}$/);
    expect(one).not.toBe(other);
  });

  test("has its form, and is another one for every variable", () => {
    const variable = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,30}$/);
    fc.assert(
      fc.property(variable, variable, (one, other) => {
        expect(secretName(one)).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        expect(secretName(one) === secretName(other)).toBe(one === other);
      }),
    );
  });
});

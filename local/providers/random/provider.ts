import { NOT_EMULATED_PAGE } from "../../arm/errors.ts";
import { reveal, sameValue } from "../grpc/property-values.ts";
import { keepSecrets } from "../grpc/secrets.ts";
import { checkId, knownId, randomId } from "./random-id.ts";
import { checkString, randomString, stringOptions } from "./random-string.ts";
import type { CheckFailure, DiffKind, Provider } from "../grpc/provider.ts";
import type { PropertyMap } from "../grpc/property-values.ts";

/** The version of `@pulumi/random` that is answered to. */
const VERSION = "4.21.2";

interface RandomType {
  check(inputs: PropertyMap): CheckFailure[];
  /** Inputs with defaults: two that are equal here need no new value. */
  complete(inputs: PropertyMap): PropertyMap;
  generate(inputs: PropertyMap): { id: string; outputs: PropertyMap };
  import(id: string): { id: string; outputs: PropertyMap };
  /** Outputs that no program sets. */
  generated: string[];
}

function stringOutputs(inputs: PropertyMap, result: string): PropertyMap {
  const options = stringOptions(inputs);
  return { ...options, number: options["numeric"] ?? true, result };
}

const types: Record<string, RandomType> = {
  "random:index/randomString:RandomString": {
    check: checkString,
    complete: stringOptions,
    generate: (inputs) => {
      const result = randomString(inputs);
      return { id: result, outputs: stringOutputs(inputs, result) };
    },
    import: (id) => ({ id, outputs: stringOutputs({ length: id.length }, id) }),
    generated: ["result", "number"],
  },
  "random:index/randomId:RandomId": {
    check: checkId,
    complete: (inputs) => inputs,
    generate: randomId,
    import: knownId,
    generated: ["b64Std", "b64Url", "dec", "hex"],
  },
};

function randomType(token: string): RandomType {
  const found = types[token];
  if (found !== undefined) return found;
  throw new Error(`Azure in miniature has no resource type '${token}'. It has: ${Object.keys(types).join(", ")}. See ${NOT_EMULATED_PAGE}`);
}

/** Values are made once and live in the state; any change of what they were made from makes new ones. */
export function randomProvider(): Provider {
  return {
    name: "random",
    version: VERSION,
    invoke: async (token) => {
      throw new Error(`Azure in miniature has no function '${token}'. See ${NOT_EMULATED_PAGE}`);
    },
    check: async ({ news }, { type }) => ({ inputs: news, failures: randomType(type).check(reveal(news)) }),
    diff: async ({ oldOutputs, news }, { type }) => {
      const { complete, generated } = randomType(type);
      const after = complete(reveal(news));
      const before = without(reveal(oldOutputs), generated);
      const detailed: Record<string, DiffKind> = {};
      for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
        if (sameValue(before[name], after[name])) continue;
        detailed[name] = before[name] === undefined ? "add-replace" : after[name] === undefined ? "delete-replace" : "update-replace";
      }
      return { changes: Object.keys(detailed).length > 0 ? "some" : "none", detailed, deleteBeforeReplace: false };
    },
    create: async ({ inputs, preview }, { type }) => {
      if (preview) return { id: "", outputs: randomType(type).complete(inputs) };
      const { id, outputs } = randomType(type).generate(reveal(inputs));
      return { id, outputs: keepSecrets(outputs, inputs) };
    },
    update: async ({ oldOutputs }) => ({ outputs: oldOutputs }),
    read: async ({ id, oldInputs, oldOutputs }, { type }) => {
      if (oldInputs !== undefined && Object.keys(oldInputs).length > 0) return { id, inputs: oldInputs, outputs: oldOutputs };
      const imported = randomType(type).import(id);
      return { ...imported, inputs: without(imported.outputs, randomType(type).generated) };
    },
    delete: async () => undefined,
  };
}

function without(values: PropertyMap, names: string[]): PropertyMap {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

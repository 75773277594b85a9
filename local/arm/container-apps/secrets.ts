import { ArmError } from "../errors.ts";
import { isAbsent, isEmpty, objectsOf } from "../json.ts";
import { MAX_SECRET_NAME_CHARACTERS, SECRET_NAME } from "./constants.ts";
import { invalidParameter } from "./errors.ts";

export interface Secret {
  name: string;
  value: string;
}

/** Every PUT brings all values: the service does not fill in those it knows (pulumi/pulumi-azure-native issue 2673). */
export function acceptSecrets(secrets: unknown): Secret[] | undefined {
  const given = objectsOf(secrets);
  if (given.length === 0) return undefined;
  const names = new Set<string>();
  for (const { name } of given) {
    checkName(String(name ?? ""));
    if (names.has(String(name))) throw invalidParameter(`The secret name '${name}' is given twice. Names of secrets must be unique.`);
    names.add(String(name));
  }
  const missing = given.filter(({ value, keyVaultUrl }) => isEmpty(keyVaultUrl) && (isAbsent(value) || value === "")).map(({ name }) => String(name));
  if (missing.length > 0) {
    throw new ArmError(
      "ContainerAppSecretInvalid",
      `Invalid Request: Container app secret(s) with name(s) '${missing.join(", ")}' are invalid: value or keyVaultUrl and identity should be provided.`,
    );
  }
  return given.map(({ name, value }) => ({ name: String(name), value: String(value) }));
}

function checkName(name: string): void {
  if (SECRET_NAME.test(name) && name.length <= MAX_SECRET_NAME_CHARACTERS) return;
  throw new ArmError(
    "ContainerAppInvalidSecretName",
    `Secret name has an invalid value '${name}'. A value must consist of lower case alphanumeric characters, '-', ` +
      "and must start and end with an alphanumeric character. " +
      `The length must not be more than ${MAX_SECRET_NAME_CHARACTERS} characters.`,
  );
}

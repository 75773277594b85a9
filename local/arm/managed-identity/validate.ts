import { ArmError } from "../errors.ts";
import { IDENTITY_NAME } from "./constants.ts";

export function checkIdentityName(name: string): void {
  if (IDENTITY_NAME.test(name)) return;
  throw new ArmError(
    "InvalidResourceName",
    `The resource name '${name}' is invalid. The name must have 3 to 128 characters, letters, digits, '-' and '_', and begin with a letter or digit.`,
  );
}

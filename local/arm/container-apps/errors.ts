import { ArmError } from "../errors.ts";

/** `Property 'rules.name' has an invalid value 'X'. <rule>`; Azure's form for values, seen for names of scale rules. */
export function invalidValue(property: string, value: unknown, rule: string): ArmError {
  return new ArmError("ContainerAppInvalidPropertyValue", `Property '${property}' has an invalid value '${value ?? ""}'. ${rule}`);
}

/** The general code of Microsoft.App, for refusals whose own code is not published. */
export function invalidParameter(message: string): ArmError {
  return new ArmError("InvalidRequestParameterWithDetails", message);
}

export function invalidSchema(path: string): ArmError {
  return new ArmError(
    "ContainerAppInvalidSchema",
    `Invalid request body for container app. Path: ${path}. Does not conform to Container App schema, please visit for more information ` +
      "https://docs.microsoft.com/azure/container-apps/azure-resource-manager-api-spec?tabs=arm-template#container-app",
  );
}

import { isMap } from "../grpc/property-values.ts";
import type { ArmResponse } from "../../arm/request.ts";
import type { PropertyMap } from "../grpc/property-values.ts";

/** ARM refused a request, or an operation it had accepted failed. Reads like azure-native's error. */
export class ArmFailure extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(code === "" ? `Status=${status} Message="${message}"` : `Status=${status} Code="${code}" Message="${message}"`);
    this.name = "ArmFailure";
    this.status = status;
    this.code = code;
  }
}

/** From `{error: {code, message}}`, in an answer or in a failed operation. */
export function armFailure(response: ArmResponse): ArmFailure {
  const body = (response.body ?? {}) as PropertyMap;
  const error = isMap(body["error"]) ? body["error"] : {};
  const { code, message } = error;
  return new ArmFailure(response.status, typeof code === "string" ? code : "", typeof message === "string" ? message : JSON.stringify(body));
}

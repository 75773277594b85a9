/** A request to ARM, free of HTTP: the HTTPS face and the attached providers both speak it. */
export interface ArmRequest {
  /** Upper case. */
  method: string;
  /** Path without query, as a client would send it. */
  path: string;
  query: URLSearchParams;
  /** The parsed JSON body. */
  body?: unknown;
  /** Who asks; authentication has been done by whoever calls. */
  principalId: string;
  /** Origin that links in the answer begin with. @default "https://management.azure.com" */
  endpoint?: string;
}

export interface ArmResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: unknown;
}

export const AZURE_ENDPOINT = "https://management.azure.com";

export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): ArmResponse {
  return { status, headers, ...(body !== undefined && { body }) };
}

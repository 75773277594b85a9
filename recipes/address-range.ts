const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

/** `203.0.113.7` or `198.51.100.0/24`: what an ingress of Container Apps takes, IPv4 only. */
export const ADDRESS_RANGE_PATTERN = `^${OCTET}(?:\\.${OCTET}){3}(?:/(?:3[0-2]|[12]?\\d))?$`;
const ADDRESS_RANGE = new RegExp(ADDRESS_RANGE_PATTERN);

export function isAddressRange(value: unknown): value is string {
  return typeof value === "string" && ADDRESS_RANGE.test(value);
}

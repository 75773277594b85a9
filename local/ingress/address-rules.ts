import { BlockList, isIPv6 } from "node:net";

export interface AddressRule {
  /** An address or a range, `10.0.0.0/8`. */
  ipAddressRange: string;
  /** `Allow` or `Deny`; all rules of an app have the same. */
  action: string;
}

/** Azure docs, "IP ingress restrictions": without rules everybody may come; Allow rules admit only theirs, Deny rules all but theirs. */
export function mayCome(address: string, rules: AddressRule[]): boolean {
  if (rules.length === 0) return true;
  const list = new BlockList();
  for (const { ipAddressRange } of rules) {
    const [net = "", prefix] = ipAddressRange.split("/");
    const family = isIPv6(net) ? "ipv6" : "ipv4";
    list.addSubnet(net, prefix === undefined ? (family === "ipv6" ? 128 : 32) : Number(prefix), family);
  }
  const plain = address.replace(/^::ffff:/, "");
  const listed = list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
  return rules[0]!.action.toLowerCase() === "allow" ? listed : !listed;
}

import { notEmulated } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";

type Test = (document: ArmDocument) => boolean;

const CLAUSE = /^\s*(tagName|tagValue|resourceType|name|resourceGroup)\s+eq\s+'((?:[^']|'')*)'\s*$/i;

/**
 * ARM's `$filter` on resources: `tagName eq 'a' and tagValue eq 'b'`, or `resourceType`, `name` or `resourceGroup` joined by `and`.
 * `byTag` tells a filter by tag, which on Azure leaves the tags out of the answer.
 */
export function parseResourceFilter(filter: string | null): { test: Test; byTag: boolean } {
  if (!filter) return { test: () => true, byTag: false };
  const wanted = new Map<string, string>();
  for (const clause of filter.split(/\sand\s/i)) {
    const match = CLAUSE.exec(clause);
    if (!match) throw notEmulated(`the $filter "${filter}"`, `It knows "${EXAMPLE}" and the like.`);
    const [, property = "", value = ""] = match;
    wanted.set(property.toLowerCase(), value.replaceAll("''", "'"));
  }
  const tests = [...wanted].map(([property, value]) => testOf(property, value, wanted));
  return { test: (document) => tests.every((test) => test(document)), byTag: wanted.has("tagname") };
}

/** Groups can be filtered by tag only. */
export function matchesGroupFilter(filter: string | null): Test {
  return parseResourceFilter(filter).test;
}

const EXAMPLE = "tagName eq 'a' and tagValue eq 'b'";

function testOf(property: string, value: string, wanted: Map<string, string>): Test {
  const same = (text: string | undefined) => text?.toLowerCase() === value.toLowerCase();
  switch (property) {
    case "tagname":
      return ({ tags = {} }) => {
        const found = Object.keys(tags).find((name) => same(name));
        return found !== undefined && (!wanted.has("tagvalue") || tags[found] === wanted.get("tagvalue"));
      };
    case "tagvalue":
      return () => wanted.has("tagname");
    case "resourcetype":
      return ({ type }) => same(type);
    case "resourcegroup":
      return ({ id }) => same(id.split("/")[4]);
    default:
      return ({ name }) => same(name);
  }
}

import { describe, expect, test } from "@jest/globals";
import { pageOf, sizeOf } from "../../../../local/registry/acr/pages.ts";

const at = (name: string, second: number) => ({ name, updatedAt: new Date(second * 1000) });
const ALL = [at("b", 3), at("a", 3), at("d", 1), at("c", 2)];
const PATH = "/acr/v1/x/_tags";

/** Names of all pages, following the links. */
function walk(query: string, size: number, change?: (page: number) => typeof ALL): string[][] {
  const pages: string[][] = [];
  for (let next: string | undefined = `${PATH}?${query}`; next; ) {
    const { items, next: following }: ReturnType<typeof pageOf> = pageOf(change?.(pages.length) ?? ALL, PATH, new URL(next, "https://r").searchParams, size);
    pages.push(items.map(({ name }) => name));
    next = following;
  }
  return pages;
}

describe("pages of a list", () => {
  test.each([
    ["by name", "", [["a", "b", "c"], ["d"]]],
    ["oldest first", "orderby=timeasc", [["d", "c", "a"], ["b"]]],
    ["youngest first", "orderby=timedesc", [["a", "b", "c"], ["d"]]],
  ])("%s hold every item once", (_, query, pages) => {
    expect(walk(query, 3)).toEqual(pages);
  });

  test("an item that goes between two pages costs no other item", () => {
    const without = (name: string) => ALL.filter((item) => item.name !== name);
    expect(walk("", 2, (page) => (page === 0 ? ALL : without("b")))).toEqual([["a", "b"], ["c", "d"]]);
    expect(walk("orderby=timedesc", 2, (page) => (page === 0 ? ALL : without("b")))).toEqual([["a", "b"], ["c", "d"]]);
  });

  test("the link is ACR's and keeps a filter", () => {
    expect(pageOf(ALL, PATH, new URLSearchParams("digest=sha256:00"), 1).next).toBe(`${PATH}?last=a&n=1&orderby=&digest=sha256%3A00`);
    expect(pageOf(ALL, PATH, new URLSearchParams(), 4).next).toBeUndefined();
  });

  test("a size is a positive number, 100 when there is none, 1000 at most", () => {
    expect([undefined, "7", "5000", "0", "-1", "x", "1e3"].map((n) => sizeOf(new URLSearchParams(n === undefined ? {} : { n })))).toEqual([100, 7, 1000, undefined, undefined, undefined, undefined]);
  });
});

import { describe, expect, test } from "@jest/globals";
import { sharesOf, WeightedTurns } from "../../../local/apps/shares.ts";
import { nextStable } from "../../../local/apps/traffic.ts";

describe("the latest stable revision in Multiple mode", () => {
  const facts = (text: string) => text.split(" ").map((word) => ({ name: word[0]!, active: !word.includes("-"), ready: word.includes("+") }));
  test.each([
    ["a", undefined, undefined],
    ["a+", undefined, "a"],
    ["a+ b", "a", "a"],
    ["a+ b+", "a", "b"],
    ["a+ b+ c", "a", "b"],
    ["a+ b", "b", "b"],
    ["a+ b+ c-", "c", "b"],
    ["a b-", "b", undefined],
  ])("%s, until now %s: %s", (text, serving, next) => {
    expect(nextStable(facts(text), serving)).toEqual({ serving: next, deactivate: [] });
  });
});

describe("shares", () => {
  const traffic = [{ latestRevision: true, weight: 20, label: "new" }, { revisionName: "a", weight: 80 }];

  test("of the latest revision are the stable one's, others by name", () => {
    expect(sharesOf(traffic, "b", () => true)).toEqual([
      { revision: "b", weight: 20, label: "new", servedBy: "b" },
      { revision: "a", weight: 80, servedBy: "a" },
    ]);
  });

  test("of a revision that was never ready are served by the stable one", () => {
    expect(sharesOf(traffic, "b", (name) => name !== "a").map(({ servedBy }) => servedBy)).toEqual(["b", "b"]);
    expect(sharesOf(traffic, undefined, () => false).map(({ servedBy }) => servedBy)).toEqual([undefined, undefined]);
  });
});

describe("turns", () => {
  const share = (revision: string, weight: number) => ({ revision, weight, servedBy: revision });
  const take = (count: number, shares: ReturnType<typeof share>[], turns = new WeightedTurns()) => Array.from({ length: count }, () => turns.next(shares));

  test("are as many of a hundred as the weight says, spread evenly", () => {
    const hundred = take(100, [share("a", 70), share("b", 25), share("c", 5), share("d", 0)]);
    expect(["a", "b", "c", "d"].map((name) => hundred.filter((each) => each === name).length)).toEqual([70, 25, 5, 0]);
    expect(take(4, [share("a", 75), share("b", 25)]).sort()).toEqual(["a", "a", "a", "b"]);
  });

  test("are one revision's when it has two shares, nobody's when nobody can serve", () => {
    expect(new Set(take(10, [share("a", 30), share("a", 70)]))).toEqual(new Set(["a"]));
    expect(take(1, [{ revision: undefined, weight: 100, servedBy: undefined } as never])).toEqual([undefined]);
  });

  test("follow the weights at once", () => {
    const turns = new WeightedTurns();
    take(7, [share("a", 90), share("b", 10)], turns);
    expect(new Set(take(5, [share("b", 100)], turns))).toEqual(new Set(["b"]));
  });
});

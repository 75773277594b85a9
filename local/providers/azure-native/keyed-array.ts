import { isMap } from "../grpc/property-values.ts";
import type { PropertyValue } from "../grpc/property-values.ts";

export interface MatchedItems {
  /** Items on both sides; `index` is the new one. */
  pairs: Array<{ index: number; old: PropertyValue; new: PropertyValue }>;
  /** Indices in the new array. */
  added: number[];
  /** Indices in the old array. */
  removed: number[];
}

/** With a key, items meet by its value wherever they stand; without one, by position. */
export function matchItems(olds: PropertyValue[], news: PropertyValue[], key: string[] | undefined): MatchedItems {
  const idOf = (item: PropertyValue, index: number) => (key === undefined ? String(index) : keyOf(item, key));
  const oldIndices = new Map(olds.map((item, index) => [idOf(item, index), index]));
  const matched: MatchedItems = { pairs: [], added: [], removed: [] };
  for (const [index, item] of news.entries()) {
    const id = idOf(item, index);
    const oldIndex = oldIndices.get(id);
    if (oldIndex === undefined) matched.added.push(index);
    else matched.pairs.push({ index, old: olds[oldIndex] as PropertyValue, new: item });
    oldIndices.delete(id);
  }
  matched.removed = [...oldIndices.values()];
  return matched;
}

function keyOf(item: PropertyValue, key: string[]): string {
  return isMap(item) ? JSON.stringify(key.map((name) => item[name] ?? null)) : JSON.stringify(item);
}

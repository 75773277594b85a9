/** ACR docs, "Catalog API": what a list holds when `n` is not given; more than the limit is cut to it. */
const DEFAULT_SIZE = 100;
const SIZE_LIMIT = 1000;

export interface Listed {
  name: string;
  updatedAt?: Date;
}

export interface Page<Item> {
  items: Item[];
  /** Target of the next page, when there is one. */
  next?: string;
}

/** By name, or by the time of the last push with the name deciding between equals. */
export type Order = "" | "timeasc" | "timedesc";

export const orderOf = (query: URLSearchParams): Order => {
  const asked = query.get("orderby");
  return asked === "timeasc" || asked === "timedesc" ? asked : "";
};

/** @returns `undefined` for an `n` that is not a positive whole number */
export function sizeOf(query: URLSearchParams): number | undefined {
  const text = query.get("n");
  if (!text) return DEFAULT_SIZE;
  return /^[1-9]\d{0,8}$/.test(text) ? Math.min(Number(text), SIZE_LIMIT) : undefined;
}

/**
 * The page of `all` after `last`. In an order of time the next page's `last` is `<time>&<name>`, so that it is found again when the
 * item itself has gone; ACR's has a form of its own there too, which clients are to pass on unread.
 */
export function pageOf<Item extends Listed>(all: Item[], path: string, query: URLSearchParams, size: number): Page<Item> {
  const order = orderOf(query);
  const compare = comparison(order);
  const sorted = [...all].sort(compare);
  const last = query.get("last");
  const after = last ? placeOf(last, order, sorted) : undefined;
  const rest = after ? sorted.filter((item) => compare(item, after) > 0) : sorted;
  const items = rest.slice(0, size);
  const end = items.at(-1);
  if (!end || rest.length === items.length) return { items };
  const next = new URLSearchParams({ last: order && end.updatedAt ? `${end.updatedAt.getTime()}&${end.name}` : end.name, n: String(size), orderby: order });
  const digest = query.get("digest");
  if (digest) next.set("digest", digest);
  return { items, next: `${path}?${next.toString()}` };
}

const comparison = (order: Order) => (one: Listed, other: Listed): number => {
  const byName = one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
  if (order === "") return byName;
  const byTime = (one.updatedAt?.getTime() ?? 0) - (other.updatedAt?.getTime() ?? 0);
  return (order === "timeasc" ? byTime : -byTime) || byName;
};

function placeOf(last: string, order: Order, sorted: Listed[]): Listed | undefined {
  if (order === "") return { name: last };
  const [, time, name] = /^(\d+)&(.+)$/.exec(last) ?? [];
  return time && name ? { name, updatedAt: new Date(Number(time)) } : sorted.find((item) => item.name === last);
}

/** Tells on which line of a text a position is, from 1; the lines are looked for once, when first asked. */
export function lineFinder(text: string): (position: number) => number {
  let lineEnds: number[] | undefined;
  return (position) => {
    lineEnds ??= [...text.matchAll(/\n/g)].map(({ index }) => index);
    return countBelow(lineEnds, position) + 1;
  };
}

/** How many of the ordered numbers are below another, by halves. */
function countBelow(ordered: readonly number[], limit: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

import type { PropertyMap, PropertyValue } from "../../../../../local/providers/grpc/property-values.ts";

const namesOf = (path: string) => path.replaceAll("[", ".").replaceAll("]", "").split(".");

export function valueAt(values: PropertyMap, path: string): PropertyValue | undefined {
  return namesOf(path).reduce<PropertyValue | undefined>((place, name) => (place as PropertyMap | undefined)?.[name], values);
}

/** Changes the values; makes the objects and lists on the way. */
export function setAt(values: PropertyMap, path: string, value: PropertyValue): void {
  const names = namesOf(path);
  const last = names.pop()!;
  let place = values;
  names.forEach((name, index) => {
    place[name] ??= /^\d+$/.test(names[index + 1] ?? last) ? [] : {};
    place = place[name] as PropertyMap;
  });
  place[last] = value;
}

/** Which services of the table are the likeliest to notice a change in a file; the first that fits counts. */
const NEAREST: Array<[file: RegExp, service: RegExp]> = [
  [/\/not-emulated\.ts$/, /not emulated/],
  [/container-apps\/shape\.ts$/, /types of values/],
  [/container-apps\/traffic\.ts$/, /traffic/],
  [/container-apps\/(containers|probes|resources|scale)\.ts$/, /templates/],
  [/container-apps\/volumes\.ts$/, /volumes/],
  [/(http-route-configs\/|child-resource\.ts$)/, /route configs/],
  [/managed-environment-storages\//, /storages/],
  [/container-apps\//, /container apps/],
  [/container-registry\//, /registries/],
  [/managed-environments\//, /environments/],
  [/authorization\//, /role assignments/],
];

/** The groups with those in front whose rows most likely fail. */
export function nearestFirst<T>(groups: Array<[string, T]>, file: string): Array<[string, T]> {
  const [, nearest] = NEAREST.find(([pattern]) => pattern.test(file)) ?? [];
  if (!nearest) return groups;
  return [...groups.filter(([service]) => nearest.test(service)), ...groups.filter(([service]) => !nearest.test(service))];
}

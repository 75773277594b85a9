/** vCPU and memory of a container on the Consumption profile: quarters of a vCPU up to 4, 2 Gi for each vCPU (Azure docs, containers). */
export interface Size {
  cpu: number;
  /** `0.5Gi` to `8Gi`. */
  memory: string;
}

export const SIZES: readonly Size[] = Array.from({ length: 16 }, (_, index) => {
  const cpu = (index + 1) / 4;
  return { cpu, memory: `${cpu * 2}Gi` };
});

/** Every pair in a line, for messages. */
export const SIZE_RULE = SIZES.map(({ cpu, memory }) => `${cpu}/${memory}`).join(", ");

/**
 * @param cpu a number or its text: config keeps numbers as text
 * @param memory `1Gi` and `1.0Gi` are the same
 * @returns the pair as Azure writes it, or undefined when Azure has no such pair
 */
export function sizeOf(cpu: unknown, memory: unknown): Size | undefined {
  const cores = typeof cpu === "number" ? cpu : typeof cpu === "string" && /^\d+(\.\d+)?$/.test(cpu.trim()) ? Number(cpu) : NaN;
  const gibibytes = typeof memory === "string" ? Number(/^(\d+(?:\.\d+)?)Gi$/.exec(memory.trim())?.[1] ?? NaN) : NaN;
  return SIZES.find((size) => size.cpu === cores && size.cpu * 2 === gibibytes);
}

/** The pair of which one half may be left out: `cpu` and `memory` decide each other. */
export function sizeFrom({ cpu, memory }: { cpu?: unknown; memory?: unknown }): Size | undefined {
  if (cpu !== undefined && memory !== undefined) return sizeOf(cpu, memory);
  return SIZES.find((size) => sizeOf(cpu ?? size.cpu, memory ?? size.memory) === size);
}

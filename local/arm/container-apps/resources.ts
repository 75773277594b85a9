import { ArmError } from "../errors.ts";
import { isAbsent } from "../json.ts";
import { CPU_STEP_CORES, DEFAULT_CORES, MAX_CPU_DECIMALS, MEMORY, MEMORY_GIB_PER_CORE } from "./constants.ts";
import { invalidValue } from "./errors.ts";

export function coresOf(cpu: unknown): number {
  if (isAbsent(cpu)) return DEFAULT_CORES;
  const cores = Number(cpu);
  if (cores > 0 && round(cores) === cores) return cores;
  throw invalidValue("resources.cpu", cpu, `A value must be greater than 0 and have at most ${MAX_CPU_DECIMALS} decimals.`);
}

export function memoryGibOf(memory: unknown, cores: number): number {
  if (isAbsent(memory)) return round(cores * MEMORY_GIB_PER_CORE);
  const [, gib] = MEMORY.exec(String(memory)) ?? [];
  if (gib === undefined) {
    throw invalidValue("resources.memory", memory, "A value must be a number with at most two decimals followed by 'Gi', for instance '0.5Gi'.");
  }
  return Number(gib);
}

/** The containers of an app are allocated together, so it is their sum that must be a pair which Azure has. */
export function acceptTotal(containers: Array<{ cores: number; gib: number }>, maxCores: number): void {
  const cores = round(containers.reduce((sum, each) => sum + each.cores, 0));
  const gib = round(containers.reduce((sum, each) => sum + each.gib, 0));
  const pairs = pairsUpTo(maxCores);
  if (pairs.some((pair) => pair.cores === cores && pair.gib === gib)) return;
  throw new ArmError(
    "ContainerAppInvalidResourceTotal",
    `The total requested CPU and memory resources for this application (CPU: ${cores}, memory: ${decimal(gib)}) is invalid. ` +
      "Total CPU and memory for all containers defined in a Container App must add up to one of the following CPU - Memory combinations: " +
      pairs.map((pair) => `[cpu: ${decimal(pair.cores)}, memory: ${decimal(pair.gib)}Gi]`).join("; "),
  );
}

function pairsUpTo(maxCores: number): Array<{ cores: number; gib: number }> {
  return Array.from({ length: maxCores / CPU_STEP_CORES }, (_, index) => {
    const cores = (index + 1) * CPU_STEP_CORES;
    return { cores, gib: cores * MEMORY_GIB_PER_CORE };
  });
}

const round = (value: number) => Math.round(value * 10 ** MAX_CPU_DECIMALS) / 10 ** MAX_CPU_DECIMALS;
/** `1.0`, `0.25`: Azure prints whole numbers with one decimal. */
const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

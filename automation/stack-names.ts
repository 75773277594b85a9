import { UserError } from "./user-error.ts";

export const LOCAL_STACK = "local";

/** Pulumi's rule for names of stacks, without an organization. */
const STACK_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** A miniature stack runs on the miniature of this machine; every other stack is on Azure. */
export function isMiniatureStack(stack: string): boolean {
  return stack === LOCAL_STACK || stack.startsWith(`${LOCAL_STACK}.`);
}

/** `dev` of `dev.weather` and of `dev`. */
export function platformOf(stack: string): string {
  return stack.split(".", 1)[0]!;
}

/** `weather` of `dev.weather`; `undefined` for a platform stack. */
export function toolOf(stack: string): string | undefined {
  const dot = stack.indexOf(".");
  return dot < 0 ? undefined : stack.slice(dot + 1);
}

export function toolStack(platform: string, tool: string): string {
  return `${platform}.${tool}`;
}

/** Stack names become file names and arguments, so they are looked at before anything else. */
export function checkedStackName(stack: string): string {
  if (STACK_NAME.test(stack) && !stack.startsWith(".") && !stack.startsWith("-") && !stack.endsWith(".")) return stack;
  throw new UserError("STACK_NAME_INVALID", "this is not a name for a stack", {
    value: stack,
    allowed: "1 to 100 letters, digits, hyphens, underscores and periods: <platform>, or <platform>.<tool>",
  });
}

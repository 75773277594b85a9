import * as pulumi from "@pulumi/pulumi";

/** What to say of a role assignment that ARM refused; undefined: it failed for another reason. */
export function explainAssignment(error: string, inputs: unknown): string | undefined {
  if (!error.includes("AuthorizationFailed")) return undefined;
  const { scope } = (inputs ?? {}) as { scope?: unknown };
  const where = typeof scope === "string" ? scope : "<id of the registry>";
  return [
    "ASSIGNMENT_REFUSED: whoever runs this may not give the identity its right to pull",
    `  needed: the role "Role Based Access Control Administrator" (or "Owner") on ${where}; a new assignment takes up to 10 minutes to be known everywhere`,
    `  next: az role assignment create --role "Role Based Access Control Administrator" --assignee <object id> --scope ${where}`,
  ].join("\n");
}

let hook: pulumi.ErrorHook | undefined;

/** For `hooks.onError` of role assignments. Nothing is repeated. One for the whole program: hooks are known by name. */
export function explainRefusedAssignment(): pulumi.ErrorHook {
  return (hook ??= new pulumi.ErrorHook("toolwharf-explain-refused-assignment", async ({ errors, newInputs }) => {
    const text = explainAssignment(errors[0] ?? "", newInputs);
    if (text !== undefined) await pulumi.log.error(text);
    return false;
  }));
}

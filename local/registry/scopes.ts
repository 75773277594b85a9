/** What a token speaks for, as the distribution token specification writes it: `repository:flask/echo:pull,push`. */
export interface Scope {
  type: string;
  name: string;
  actions: string[];
}

export const CATALOG_SCOPE: Scope = { type: "registry", name: "catalog", actions: ["*"] };

export const repositoryScope = (name: string, ...actions: string[]): Scope => ({ type: "repository", name, actions });

/** Reads `scope` parameters; one may hold several scopes, separated by spaces. What is no scope is left out. */
export function parseScopes(parameters: string[]): Scope[] {
  return parameters
    .flatMap((parameter) => parameter.split(" "))
    .flatMap((text) => {
      const match = /^([a-z]+):(.+):([a-z_*,]*)$/.exec(text);
      return match ? [{ type: match[1]!, name: match[2]!, actions: match[3]!.split(",").filter(Boolean) }] : [];
    });
}

export const writeScopes = (scopes: Scope[]): string => scopes.map(({ type, name, actions }) => `${type}:${name}:${actions.join(",")}`).join(" ");

/** Whether `held` together cover every action of every scope in `needed`. */
export const cover = (held: Scope[], needed: Scope[]): boolean =>
  needed.every(({ type, name, actions }) =>
    actions.every((action) => held.some((scope) => scope.type === type && scope.name === name && scope.actions.includes(action))),
  );

export const HTTP_ROUTE_CONFIGS = "Microsoft.App/managedEnvironments/httpRouteConfigs";

/** API specification (ManagedEnvironmentsHttpRouteConfig.json), `HttpRouteConfigNameParameter`: no hyphens, although Azure's guide has them. */
export const ROUTE_CONFIG_NAME = /^[a-z][a-z0-9]*$/;
export const MIN_NAME_CHARACTERS = 3;
export const MAX_NAME_CHARACTERS = 63;

/** API specification, `HttpRouteTarget`. */
export const MIN_WEIGHT_PERCENT = 0;
export const MAX_WEIGHT_PERCENT = 100;

/** API specification, `HttpRouteMatch`: how a path can be asked for. The names are Envoy's. */
export const MATCHES = ["prefix", "path", "pathSeparatedPrefix"] as const;

/** Envoy's API, `RouteMatch`: begins with `/`, no query, no fragment. */
export const MATCHED_PATH = /^\/[^?#]*$/;
/** Envoy's API, `RouteMatch.path_separated_prefix`: moreover not ending with `/`. */
export const SEPARATED_PREFIX = /^\/[^?#]*[^?#/]$/;

import { requireProvisioned } from "../managed-environments/provisioned.ts";
import type { ChildType } from "../service.ts";
import { HTTP_ROUTE_CONFIGS } from "./constants.ts";
import { NOT_EMULATED } from "./not-emulated.ts";
import { acceptRules, appIn, checkFreeAddress, checkRouteConfigName } from "./validate.ts";

/** Paths of an address of the environment's own, and the apps that they lead to. */
export const httpRouteConfigs: ChildType = {
  type: HTTP_ROUTE_CONFIGS,
  notEmulated: NOT_EMULATED,

  accept({ name, properties, parent }, { context }) {
    checkRouteConfigName(name);
    requireProvisioned(parent);
    checkFreeAddress(name, appIn(parent, name, context));
    return {
      provisioningState: "Succeeded",
      provisioningErrors: [],
      fqdn: `${name}.${String(parent.properties["defaultDomain"])}`,
      customDomains: [],
      rules: acceptRules(properties, (app) => appIn(parent, app, context) !== undefined),
    };
  },

  apply: (document, { hosts }) => hosts.httpRoutes.apply(document),
  remove: (document, { hosts }) => hosts.httpRoutes.remove(document.id),
};

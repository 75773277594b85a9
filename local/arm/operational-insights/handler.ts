import { randomBytes, randomUUID } from "node:crypto";
import { ArmError } from "../errors.ts";
import { answer } from "../request.ts";
import type { Endpoints, TrackedType } from "../service.ts";
import { findTracked } from "../tracked-resource.ts";
import { SHARED_KEY_BYTES, WORKSPACES } from "./constants.ts";
import { NOT_EMULATED } from "./not-emulated.ts";
import { acceptWorkspace, checkWorkspaceName } from "./validate.ts";

export const workspaces: TrackedType = {
  type: WORKSPACES,
  states: { creating: "Creating", updating: "Updating", deleting: "Deleting" },

  accept({ name, properties }, { context }, existing) {
    checkWorkspaceName(name);
    const now = context.now().toISOString();
    const { customerId, createdDate } = existing?.document.properties ?? { customerId: randomUUID(), createdDate: now };
    return {
      etag: `"${randomUUID()}"`,
      properties: { customerId, createdDate, modifiedDate: now, ...acceptWorkspace(properties) },
      ...(!existing && { secrets: { primarySharedKey: sharedKey(), secondarySharedKey: sharedKey() } }),
    };
  },

  notEmulated: NOT_EMULATED,
  present: ({ document }) => document,
  remove: async () => {},
  busy: ({ document }) => new ArmError("Conflict", `Another operation is in progress on '${document.name}'.`, 409),
};

export const workspaceActions: Endpoints[] = [
  {
    type: `${WORKSPACES}/sharedKeys`,
    collection: {
      POST: { action: `${WORKSPACES}/sharedKeys/action`, handle: (call) => answer(200, findTracked(workspaces, call).secrets) },
    },
  },
];

const sharedKey = () => randomBytes(SHARED_KEY_BYTES).toString("base64");

import { Readable } from "node:stream";
import { ArmError } from "../errors.ts";
import { answer, type ArmResponse } from "../request.ts";
import { nameOf, resourceGroupOf, subscriptionOf } from "../resource-id.ts";
import type { Context } from "../service.ts";
import { isAppToken } from "./app-tokens.ts";
import { CONTAINER_APPS, LOG_TAIL_LINES } from "./constants.ts";

/**
 * The console log of a container, at the address that its replica names: like Azure's
 * `https://<region>.azurecontainerapps.dev/subscriptions/.../containers/<name>/logstream`, but on ARM's own origin.
 * It is opened with the app's own token (getAuthtoken), not with ARM's.
 */
const PATH =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/containerApps\/([^/]+)\/revisions\/([^/]+)\/replicas\/([^/]+)\/containers\/([^/]+)\/logstream$/i;

/** Of a revision or replica, once decoded: a segment may hold an encoded slash. */
const NAME = /^[a-z0-9-]+$/;

export interface LogRequest {
  path: string;
  query: URLSearchParams;
  /** Bearer token of the request, if it has one. */
  token: string | undefined;
  /** Aborted when nobody reads the answer any more. @default never */
  signal?: AbortSignal;
}

/** What of a followed log waits for a slow reader; the rest waits in the engine. */
const FOLLOW_BUFFER_BYTES = 64 * 1024;
const NEVER = new AbortController().signal;

export function isLogPath(path: string): boolean {
  return PATH.test(path);
}

export function logStreamPath(appId: string, revision: string, replica: string, container: string): string {
  const scope = `/subscriptions/${subscriptionOf(appId)}/resourceGroups/${resourceGroupOf(appId)}/containerApps/${nameOf(appId)}`;
  return `${scope}/revisions/${revision}/replicas/${replica}/containers/${container}/logstream`;
}

/**
 * The last lines as text, or with `follow=true` a stream of them and of what follows; it ends when the replica does.
 * @throws ArmError 401 for a missing or foreign token, the same whether or not the app exists
 */
export async function readLog({ path, query, token, signal = NEVER }: LogRequest, context: Context): Promise<ArmResponse> {
  const [subscription, group, app, revision, replica, container] = (PATH.exec(path)?.slice(1) ?? []).map(decoded);
  const appId = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${CONTAINER_APPS}/${app}`;
  if (token === undefined || !isAppToken(context.store, token, appId, context.now())) {
    throw new ArmError("Unauthorized", `The token is not valid for the container app '${app}'. Get one with POST .../getAuthtoken.`, 401);
  }
  if (!NAME.test(revision ?? "") || !NAME.test(replica ?? "")) {
    throw new ArmError("ResourceNotFound", `The replica '${replica}' of the revision '${revision}' was not found.`, 404);
  }
  const stored = context.documents.get(appId);
  if (!stored) throw new ArmError("ContainerAppNotFound", `The container app '${app}' was not found.`, 404);
  const { apps } = context.hosts;
  const named = [stored.document.id, revision!, replica!, container!, tailLines(query.get("tailLines"))] as const;
  const body = isFollowed(query.get("follow"))
    ? Readable.from(apps.followLogs(...named, signal), { objectMode: false, highWaterMark: FOLLOW_BUFFER_BYTES })
    : await apps.logs(...named);
  return answer(200, body, { "content-type": "text/plain; charset=utf-8" });
}

/** A segment that is no valid encoding stays as it came; no name has a percent sign. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** `follow=true`, or `follow` alone. */
const isFollowed = (text: string | null): boolean => text === "" || text?.toLowerCase() === "true";

function tailLines(text: string | null): number {
  if (text === null) return LOG_TAIL_LINES.standard;
  const lines = Number(text);
  if (Number.isInteger(lines) && lines >= LOG_TAIL_LINES.min && lines <= LOG_TAIL_LINES.max) return lines;
  throw new ArmError("InvalidParameter", `tailLines is '${text}'. It must be in the range of [${LOG_TAIL_LINES.min},${LOG_TAIL_LINES.max}].`);
}

/*
 * `@peculiar/x509` finds its algorithms through tsyringe, which refuses to load without a `Reflect.getMetadata` and asks
 * it only for constructor parameters; none of the classes it makes has any, so "nothing known" is the whole answer.
 */
const reflect = Reflect as { getMetadata?: () => undefined; getOwnMetadata?: () => undefined; defineMetadata?: () => void };
reflect.getMetadata ??= () => undefined;
reflect.getOwnMetadata ??= () => undefined;
reflect.defineMetadata ??= () => undefined;

/** `@peculiar/x509`, imported only after what it needs is there; a static import would come first. */
export const x509 = await import("@peculiar/x509");

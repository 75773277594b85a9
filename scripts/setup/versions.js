/** Not an earlier one: those take 10 s to print the stack trace of an error in a Pulumi program (nodejs/node#64011). */
export const NODE_VERSION = "24.21.0";
/** The one of `@pulumi/pulumi` in package.json. */
export const PULUMI_VERSION = "3.259.0";
export const PULUMI_MODULE = "github.com/pulumi/pulumi/pkg/v3";
/** For the Node base image, which the official one brings an npm 11 with. */
export const NPM_VERSION = "11.6.0";

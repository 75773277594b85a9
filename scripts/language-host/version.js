/** The Pulumi version whose protocol this host speaks: 3.259's, with hooks and `runtime.options`. */
export const HOST_VERSION = "3.259.0";

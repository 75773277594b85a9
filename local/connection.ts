/**
 * Where a running miniature is: `.toolwharf/local/connection.json`, mode 0600, written by the daemon when all of its
 * servers listen and removed when it stops. The CLI, the tests and the set-up read it; the program never does.
 */
export interface Connection {
  /** Process id of the daemon. */
  pid: number;
  /** When the daemon became ready, ISO 8601. */
  startedAt: string;
  /** Eight hex digits that tell this miniature's containers and networks from another's: a hash of its home folder. */
  instance: string;
  /** ARM's address, `https://localhost:<port>`. */
  armEndpoint: string;
  /** PEM file of the certificate authority behind every HTTPS address of the miniature. */
  caFile: string;
  subscriptionId: string;
  tenantId: string;
  /** Principal id of whoever uses the miniature: Contributor and Role Based Access Control Administrator by default. */
  callerPrincipalId: string;
  /** File (mode 0600) with an ARM access token of the caller. Renewed by the daemon before it expires. */
  callerTokenFile: string;
  /** Port of the HTTPS ingress: 443, else 8443, else a free one; the same at each start. */
  ingressPort: number;
  /** gRPC ports on 127.0.0.1, for `PULUMI_DEBUG_PROVIDERS`. */
  providers: { "azure-native": number; docker: number; random: number };
}

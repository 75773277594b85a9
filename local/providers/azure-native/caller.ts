/** Whoever is logged in, as the provider sees them. */
export interface Caller {
  principalId: string;
  tenantId: string;
  subscriptionId: string;
  /** The application that the login came through. */
  clientId: string;
  /** Audience of the tokens that Azure Resource Manager takes. */
  resourceManagerAudience: string;
  issueToken(audience: string): Promise<string>;
}

/** The Azure CLI's application id, the same in every tenant. */
export const AZURE_CLI_CLIENT_ID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

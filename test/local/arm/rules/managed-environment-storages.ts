import type { JsonObject } from "../../../../local/arm/json.ts";
import { appBody, ENVIRONMENT, makeFailedEnvironment } from "../../../support/platform-bodies.ts";
import type { Rule } from "./rule.ts";

const STORAGE = `${ENVIRONMENT}/storages/data`;
const APP = "Microsoft.App/containerApps/weather";
const FILE = { accountName: "wharfdata", accountKey: "a2V5", shareName: "notes", accessMode: "ReadWrite" };
export const storageBody = (change: JsonObject = {}) => () => ({ properties: { azureFile: { ...FILE, ...change } } });
const given = [{ path: STORAGE, body: storageBody() }];
const parameter = (rest: string) => ({ code: "InvalidRequestParameterWithDetails", message: `Invalid request body for managed environment storage 'data'. ${rest}` });
const accountRule = "'properties.azureFile.accountName' must be the name of a storage account, 3 to 24 lower case letters and digits.";
const shareRule = "'properties.azureFile.shareName' must be the name of a file share, 3 to 63 lower case letters, digits and single hyphens.";
const invalidName = (name: string): Rule => ({ rule: `a storage is not called '${name}'`, path: `${ENVIRONMENT}/storages/${name}`, body: storageBody(), refused: { code: "ManagedEnvironmentStorageInvalidName", message: `Invalid managed environment storage name '${name}'. A name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character and cannot have '--'. The length must not be more than 32 characters.` }, source: "rule: DFE-Digital/terraform-azurerm-container-apps-hosting issue 353; code and text assumed" });
const onlyKey = { code: "ManagedEnvironmentStorageUpdateBadRequest", message: "Invalid request body for managed environment storage 'data'. Only 'properties.azureFile.AccountKey' can be updated." };
const SEEN_UPDATE = "microsoft/azure-container-apps issue 1255";
const inUse = { status: 409, code: "ManagedEnvironmentStorageInUse", message: "Cannot delete Managed environment storage 'data' because it's still in use." };
const SEEN_USE = "text: microsoft/azure-container-apps issue 774; code and status assumed";
const notFound = { status: 404, code: "ManagedEnvironmentStorageNotFound", message: "ManagedEnvironment Storage 'data' was not found." };
const withVolume = { path: APP, body: (world: Parameters<NonNullable<Rule["body"]>>[0]) => appBody(world, { properties: { template: { volumes: [{ name: "data", storageType: "AzureFile", storageName: "data" }] } } }) };

export const managedEnvironmentStorageRules: Rule[] = [
  { rule: "a storage is there when its PUT is answered, without its key", path: STORAGE, body: storageBody(), accepted: { name: "data", type: "Microsoft.App/managedEnvironments/storages", properties: { azureFile: { accountName: "wharfdata", shareName: "notes", accessMode: "ReadWrite" } } }, source: "REST specification, ManagedEnvironmentsStorages: 200, no operation" },
  { rule: "a storage is read", method: "GET", path: STORAGE, given, accepted: { properties: { azureFile: { accountName: "wharfdata" } } }, source: "REST specification" },
  { rule: "storages are listed by their environment", method: "GET", path: `${ENVIRONMENT}/storages`, given, accepted: { value: [{ name: "data" }] }, source: "REST specification" },
  { rule: "a storage that is not there", method: "GET", path: STORAGE, refused: notFound, source: "code: az containerapp env storage; text: seen at an app" },
  { rule: "a storage needs its environment", path: "Microsoft.App/managedEnvironments/none/storages/data", body: storageBody(), refused: { status: 404, code: "ResourceNotFound", message: /^The Resource 'Microsoft\.App\/managedEnvironments\/none' under resource group 'rg' was not found\./ }, source: "ARM's answer for a parent that is not there" },
  { rule: "an access mode is compared without case and answered as Azure writes it", path: STORAGE, body: storageBody({ accessMode: "readonly" }), accepted: { properties: { azureFile: { accessMode: "ReadOnly" } } }, source: "assumed, as for other enums of Microsoft.App" },
  { rule: "an access mode is one of two", path: STORAGE, body: storageBody({ accessMode: "Write" }), refused: parameter("'properties.azureFile.accessMode' must be one of ReadOnly, ReadWrite."), source: "rule: REST specification, AccessMode; text assumed" },
  { rule: "an access mode is given", path: STORAGE, body: storageBody({ accessMode: null }), refused: parameter("'properties.azureFile.accessMode' must be one of ReadOnly, ReadWrite."), source: "rule: Terraform; text assumed" },
  { rule: "an account's name has no hyphen", path: STORAGE, body: storageBody({ accountName: "wharf-data" }), refused: parameter(accountRule), source: "rule: Azure docs, naming rules; that it is checked here is assumed" },
  { rule: "an account's name is given", path: STORAGE, body: storageBody({ accountName: "" }), refused: parameter(accountRule), source: "rule: Terraform; text assumed" },
  { rule: "a share's name has no capitals", path: STORAGE, body: storageBody({ shareName: "Notes" }), refused: parameter(shareRule), source: "rule: Azure docs, naming shares; that it is checked here is assumed" },
  { rule: "a share's name leads nowhere else", path: STORAGE, body: storageBody({ shareName: "../notes" }), refused: parameter(shareRule), source: "rule: Azure docs, naming shares; that it is checked here is assumed" },
  { rule: "a key is given", path: STORAGE, body: storageBody({ accountKey: null }), refused: parameter("'properties.azureFile.accountKey' must be given with every request."), source: "rule: Terraform (\"must be sent\"); text assumed" },
  { rule: "an NFS share is not emulated", path: STORAGE, body: () => ({ properties: { nfsAzureFile: { server: "wharfdata.file.core.windows.net", shareName: "/wharfdata/notes", accessMode: "ReadWrite" } } }), refused: { status: 501, code: "NotEmulated", message: /'properties\.nfsAzureFile'\. Use azureFile\./ }, source: "local/README.md" },
  { rule: "an account's key in a key vault is not emulated", path: STORAGE, body: storageBody({ accountKey: null, accountKeyVaultProperties: { identity: "System", keyVaultUrl: "https://vault" } }), refused: { status: 501, code: "NotEmulated", message: /'properties\.azureFile\.accountKeyVaultProperties'\. Give azureFile\.accountKey\./ }, source: "local/README.md" },
  { rule: "a storage needs an environment that is there whole", path: "Microsoft.App/managedEnvironments/half/storages/data", before: makeFailedEnvironment, body: storageBody(), refused: { code: "ManagedEnvironmentNotProvisioned", message: /managedEnvironments\/half' has not been provisioned successfully\.$/ }, source: "assumed: like an app" },
  invalidName("Data"), invalidName("1data"), invalidName("data-"), invalidName("my--data"), invalidName("d".repeat(33)),
  { rule: "a storage's name has up to 32 characters", path: `${ENVIRONMENT}/storages/${"d".repeat(32)}`, body: storageBody(), accepted: true, source: "DFE-Digital/terraform-azurerm-container-apps-hosting issue 353" },

  { rule: "the key may be changed", path: STORAGE, given, body: storageBody({ accountKey: "b3RoZXI=" }), accepted: true, source: SEEN_UPDATE },
  { rule: "the access mode may not be changed", path: STORAGE, given, body: storageBody({ accessMode: "ReadOnly" }), refused: onlyKey, source: SEEN_UPDATE },
  { rule: "the share may not be changed", path: STORAGE, given, body: storageBody({ shareName: "other" }), refused: onlyKey, source: SEEN_UPDATE },
  { rule: "the account may not be changed", path: STORAGE, given, body: storageBody({ accountName: "other" }), refused: onlyKey, source: SEEN_UPDATE },

  { rule: "a storage that no app mounts is deleted", method: "DELETE", path: STORAGE, given, accepted: true, source: "REST specification: 200" },
  { rule: "a storage that is not there is deleted", method: "DELETE", path: STORAGE, accepted: true, source: "REST specification: 204" },
  { rule: "a storage that an app uses is not deleted", method: "DELETE", path: STORAGE, given: [...given, withVolume], refused: inUse, source: SEEN_USE },
  { rule: "a storage that an app used is deleted", method: "DELETE", path: STORAGE, given: [...given, withVolume, { path: APP, body: appBody }], accepted: true, source: SEEN_UPDATE },
  { rule: "a storage that an app of another environment uses is deleted", method: "DELETE", path: "Microsoft.App/managedEnvironments/v1/storages/data", given: [...given, withVolume, { path: "Microsoft.App/managedEnvironments/v1/storages/data", body: storageBody() }], accepted: true, source: "REST specification: a child of its environment" },
  { rule: "storages go with their environment", method: "GET", path: STORAGE, given: [...given, { method: "DELETE", path: ENVIRONMENT }, { path: ENVIRONMENT, body: () => ({ location: "westeurope", properties: {} }) }], refused: notFound, source: "ARM: children go with their parent" },
  { rule: "a group's list has no storages", method: "GET", path: "$group/resources?$filter=resourceType eq 'Microsoft.App/managedEnvironments/storages'", given, accepted: { value: [] }, source: "ARM: the list has tracked resources; for this type assumed" },
];

import type { JsonObject } from "../../../../local/arm/json.ts";
import { appBody } from "../../../support/platform-bodies.ts";
import type { Rule } from "./rule.ts";

const APP = "Microsoft.App/containerApps/weather";
/** The app with the revision `weather--one`. */
const traffic = (entries: JsonObject[] | null, mode = "Multiple"): Rule["body"] => (world) =>
  appBody(world, { properties: { configuration: { activeRevisionsMode: mode, ingress: { traffic: entries } }, template: { revisionSuffix: "one" } } });
const shown = (entries: JsonObject[]) => ({ properties: { configuration: { ingress: { traffic: entries } } } });
const parameter = (message: string) => ({ code: "InvalidRequestParameterWithDetails", message });

const LABEL_RULE =
  "A value must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character and cannot have '--'. The length must not be more than 53 characters, so that 'weather---<label>' is a host name.";
const badLabel = (label: string): Rule => ({
  rule: `the label '${label}' is refused`,
  path: APP,
  body: traffic([{ latestRevision: true, weight: 100, label }]),
  refused: { code: "ContainerAppInvalidPropertyValue", message: `Property 'traffic.label' has an invalid value '${label}'. ${LABEL_RULE}` },
  source: "rule: Azure docs, revisions, labels; code and text assumed",
});
const badWeight = (weight: number | null): Rule => ({
  rule: `the weight ${weight} is refused`,
  path: APP,
  body: traffic([{ latestRevision: true, weight }, { revisionName: "weather--one", weight: 100 }]),
  refused: parameter(`The traffic weight '${weight ?? ""}' is invalid. It must be in the range of [0,100].`),
  source: "rule: API reference, TrafficWeight; text assumed",
});
const WHICH = parameter("Each traffic weight must have either a revisionName or latestRevision: true.");
const LATEST = { latestRevision: true, weight: 100 };
const BLUE = { revisionName: "weather--one", weight: 100, label: "blue" };
const ONLY_MULTIPLE = parameter("Traffic weights can only be set when the active revisions mode is Multiple.");

export const trafficRules: Rule[] = [
  { rule: "in Multiple mode, too, all traffic goes to the latest revision when nothing is said", path: APP, body: traffic(null), accepted: { properties: { configuration: { activeRevisionsMode: "Multiple", ingress: { traffic: [LATEST] } } } }, source: "hashicorp/terraform-provider-azurerm issue 20537" },
  { rule: "a mode may be written in any case", path: APP, body: traffic(null, "multiple"), accepted: { properties: { configuration: { activeRevisionsMode: "Multiple" } } }, source: "assumed" },
  { rule: "traffic is split between revisions", path: APP, body: traffic([{ latestRevision: true, weight: 20 }, { revisionName: "weather--one", weight: 80 }]), accepted: shown([{ latestRevision: true, weight: 20 }, { revisionName: "weather--one", weight: 80 }]), source: "Azure docs, traffic splitting" },
  { rule: "a revision may be named by the request that makes it", path: APP, body: traffic([BLUE]), accepted: shown([BLUE]), source: "Azure docs, blue-green deployment" },
  { rule: "a weight may be 0", path: APP, body: traffic([{ latestRevision: true, weight: 0, label: "pr154" }, { revisionName: "weather--one", weight: 100 }]), accepted: shown([{ latestRevision: true, weight: 0, label: "pr154" }, { revisionName: "weather--one", weight: 100 }]), source: "microsoft/azure-container-apps issue 962" },
  { rule: "a label needs no weight", path: APP, body: traffic([LATEST, { revisionName: "weather--one", label: "blue" }]), accepted: shown([LATEST, { revisionName: "weather--one", weight: 0, label: "blue" }]), source: "assumed" },
  { rule: "a share may be given to a label that is there", path: APP, given: [{ path: APP, body: traffic([BLUE])! }], body: traffic([{ label: "blue", weight: 100 }]), accepted: shown([BLUE]), source: "Azure docs, traffic splitting; that the revision is filled in is assumed" },
  { rule: "no share is given to a label that is not there", path: APP, given: [{ path: APP, body: traffic([BLUE])! }], body: traffic([{ label: "green", weight: 100 }]), refused: parameter("The label 'green' of the traffic weights does not exist in container app 'weather'."), source: "assumed" },
  { rule: "labels that are not named again are gone", path: APP, given: [{ path: APP, body: traffic([BLUE])! }], body: traffic([LATEST]), accepted: shown([LATEST]), source: "microsoft/azure-container-apps issue 962" },
  { rule: "a label belongs to one revision", path: APP, body: traffic([{ ...LATEST, label: "blue" }, { ...BLUE, weight: 0 }]), refused: parameter("The label 'blue' is given twice. A label can only be applied to one revision."), source: "rule: Azure docs, revisions, labels; text assumed" },
  badLabel("Blue"),
  badLabel("1st"),
  badLabel("blue-"),
  badLabel("b--e"),
  badLabel("b".repeat(54)),
  { rule: "a label of 53 characters is accepted for a name of 7", path: APP, body: traffic([{ ...LATEST, label: "b".repeat(53) }]), accepted: true, source: "assumed: a part of a host name has at most 63 characters" },
  { rule: "in Single mode there are no labels", path: APP, body: traffic([{ ...LATEST, label: "blue" }], "Single"), refused: parameter("Traffic weights can only be set when the active revisions mode is Multiple."), source: "rule: Azure docs, revisions, labels; text assumed" },
  { rule: "a weight belongs to a revision", path: APP, body: traffic([{ weight: 100 }]), refused: WHICH, source: "hashicorp/terraform-provider-azurerm pull request 24042; text assumed" },
  { rule: "a weight belongs to a named revision or the latest, not both", path: APP, body: traffic([{ ...LATEST, revisionName: "weather--one" }]), refused: WHICH, source: "hashicorp/terraform-provider-azurerm pull request 24042; text assumed" },
  { rule: "the latest revision has one weight", path: APP, body: traffic([{ latestRevision: true, weight: 50 }, { latestRevision: true, weight: 50 }]), refused: parameter("At most one traffic weight can have latestRevision: true."), source: "hashicorp/terraform-provider-azurerm pull request 24042; text assumed" },
  badWeight(-1),
  badWeight(101),
  badWeight(null),
  { rule: "traffic weights are not more than 100 either", path: APP, body: traffic([LATEST, { revisionName: "weather--one", weight: 1 }]), refused: parameter("The traffic weights add up to 101. They must add up to 100."), source: "rule: Azure docs, traffic splitting; text assumed" },
  { rule: "weights may be sent by PATCH", method: "PATCH", path: APP, given: [{ path: APP, body: traffic(null)! }], body: () => ({ properties: { configuration: { ingress: { traffic: [BLUE] } } } }), accepted: shown([BLUE]), source: "microsoft/azure-container-apps issue 790" },
  { rule: "a split app becomes Single without its weights", path: APP, given: [{ path: APP, body: traffic([BLUE])! }], body: traffic(null, "Single"), accepted: shown([LATEST]), source: "Azure docs, revisions" },
  { rule: "a split app does not become Single with them", path: APP, given: [{ path: APP, body: traffic([BLUE])! }], body: traffic([BLUE], "Single"), refused: parameter("Traffic weights can only be set when the active revisions mode is Multiple."), source: "rule: Azure docs, traffic splitting; text assumed" },
  { rule: "in Single mode there is one weight", path: APP, body: traffic([LATEST, { revisionName: "weather--one", weight: 0 }], "Single"), refused: ONLY_MULTIPLE, source: "rule: Azure docs, traffic splitting; text assumed" },
  { rule: "in Single mode the weight is the latest revision's", path: APP, body: traffic([{ revisionName: "weather--one", weight: 100 }], "Single"), refused: ONLY_MULTIPLE, source: "rule: Azure docs, traffic splitting; text assumed" },
  { rule: "in Single mode the weight is 100", path: APP, body: traffic([{ latestRevision: true, weight: 50 }], "Single"), refused: ONLY_MULTIPLE, source: "rule: Azure docs, traffic splitting; text assumed" },
];

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import Docker from "dockerode";
import { randomUUID } from "node:crypto";
import { askArm } from "../support/https-client.ts";
import { runningReplicas } from "../support/leftovers.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";

const AUTHORIZATION_API = "2022-04-01";
const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const CONTAINER_APPS_CONTRIBUTOR = "358470bc-b998-42bd-ab17-a7e34c199c0f";

interface Assignment {
  id: string;
  properties: { principalId: string; roleDefinitionId: string; scope: string };
}

describe("pulls and pushes need their roles", () => {
  const project = new ScratchProject(["node-echo"]);
  let outputs: Outputs;

  const assignments = async (role: string): Promise<Assignment[]> => {
    const connection = project.connection();
    const answer = await askArm(connection, "GET", `/subscriptions/${connection.subscriptionId}/providers/Microsoft.Authorization/roleAssignments`, undefined, AUTHORIZATION_API);
    return (JSON.parse(answer.body) as { value: Assignment[] }).value.filter((each) => each.properties.roleDefinitionId.endsWith(role));
  };
  const remove = async (each: Assignment) => expect((await askArm(project.connection(), "DELETE", each.id, undefined, AUTHORIZATION_API)).status).toBe(200);
  const grant = async (role: string) => {
    const { subscriptionId, callerPrincipalId } = project.connection();
    const scope = `/subscriptions/${subscriptionId}`;
    const answer = await askArm(
      project.connection(),
      "PUT",
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
      { properties: { principalId: callerPrincipalId, principalType: "User", roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}` } },
      AUTHORIZATION_API,
    );
    expect(answer.status).toBe(201);
  };

  beforeAll(async () => {
    await project.must(["up", "--yes"]);
    outputs = await project.outputs();
  });
  afterAll(() => project.dispose());

  test("from inside a tool's container no token can be had", async () => {
    const [replica] = await runningReplicas(project);
    const script = `
      const tries = ["http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/", process.env.IDENTITY_ENDPOINT, process.env.MSI_ENDPOINT];
      const answers = await Promise.all(tries.map((url) => url ? fetch(url, { headers: { Metadata: "true", "X-IDENTITY-HEADER": process.env.IDENTITY_HEADER ?? "" }, signal: AbortSignal.timeout(3000) }).then((a) => (a.ok ? "a token" : "no token"), () => "no token") : "not offered"));
      console.log(JSON.stringify({ answers, names: Object.keys(process.env).filter((name) => /IDENTITY|MSI|TOKEN|SECRET|PASSWORD/.test(name)) }));`;
    const execution = await new Docker().getContainer(replica!.id).exec({ Cmd: ["node", "--input-type=module", "-e", script], AttachStdout: true, AttachStderr: true, Tty: true });
    const stream = await execution.start({ Tty: true });
    let printed = "";
    for await (const chunk of stream) printed += chunk;
    expect(JSON.parse(printed)).toEqual({ answers: ["no token", "not offered", "not offered"], names: [] });
  });

  test("without AcrPull the new revision is refused with Azure's text, and the old one serves", async () => {
    const [acrPull] = await assignments(ACR_PULL);
    await remove(acrPull!);
    project.edit("tools/node-echo/server.js", "node-echo", "node-echo two");
    const up = await project.up();
    expect(up.code).toBe(1);
    expect(up.output).toContain("UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information.");
    const after = await project.outputs();
    expect(after.tools["node-echo"]!.revision).toBe(outputs.tools["node-echo"]!.revision);
  });

  test("found missing by refresh, the role is granted again and the tool deployed", async () => {
    await project.must(["refresh", "--yes"]);
    await project.must(["up", "--yes"]);
    expect((await project.outputs()).tools["node-echo"]!.revision).not.toBe(outputs.tools["node-echo"]!.revision);
  });

  test("a caller without AcrPush cannot push, and is told which role is missing", async () => {
    const [contributor] = await assignments(CONTRIBUTOR);
    for (const role of [READER, CONTAINER_APPS_CONTRIBUTOR]) await grant(role);
    await remove(contributor!);
    project.edit("tools/node-echo/server.js", "node-echo two", "node-echo three");
    const refused = await project.up();
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("AcrPush");

    await grant(CONTRIBUTOR);
    await project.must(["up", "--yes"]);
  });
});

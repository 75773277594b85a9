import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { answering } from "./answering.ts";
import { toAutoNaming, toCheckResponse, toDiffResponse } from "./messages.ts";
import { decodeProperties, encodeProperties } from "./property-encoding.ts";
import { noDiff } from "./provider.ts";
import type { EngineConnections } from "./connections.ts";
import type { Provider } from "./provider.ts";

const { Empty } = emptyMessages;

/** Every method of pulumirpc.ResourceProvider that an engine calls on a provider of plain resources. */
export function providerHandlers(provider: Provider, connections: EngineConnections): IResourceProviderServer {
  const { plainly, forResource } = answering(connections);
  const handlers: Partial<IResourceProviderServer> = {
    handshake: plainly(async (request, _context, peer) => {
      connections.open(peer, request.getEngineAddress());
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: plainly(async (request, _context, peer) => {
      connections.attach(peer, request.getAddress());
      return new Empty();
    }),
    getPluginInfo: plainly(async () => {
      const info = new pluginMessages.PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    getSchema: plainly(async () => {
      throw new Error(`Azure in miniature serves ${provider.name} without a schema; for 'pulumi import' use --generate-code=false.`);
    }),
    checkConfig: plainly(async (request) => toCheckResponse({ inputs: decodeProperties(request.getNews()), failures: [] })),
    diffConfig: plainly(async () => toDiffResponse(noDiff)),
    configure: plainly(async (request, _context, peer) => {
      const config = decodeProperties(request.getArgs());
      connections.of(peer).config = config;
      await provider.configure?.(config);
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    invoke: plainly(async (request, context) => {
      const response = new messages.InvokeResponse();
      response.setReturn(encodeProperties(await provider.invoke(request.getTok(), decodeProperties(request.getArgs()), context)));
      return response;
    }),
    check: forResource(async (request, context) =>
      toCheckResponse(
        await provider.check(
          {
            olds: request.hasOlds() ? decodeProperties(request.getOlds()) : undefined,
            news: decodeProperties(request.getNews()),
            randomSeed: request.getRandomseed_asU8(),
            autoNaming: toAutoNaming(request.getAutonaming()),
          },
          context,
        ),
      ),
    ),
    diff: forResource(async (request, context) =>
      toDiffResponse(
        await provider.diff(
          {
            id: request.getId(),
            oldInputs: request.hasOldInputs() ? decodeProperties(request.getOldInputs()) : undefined,
            oldOutputs: decodeProperties(request.getOlds()),
            news: decodeProperties(request.getNews()),
          },
          context,
        ),
      ),
    ),
    create: forResource(async (request, context) => {
      const { id, outputs } = await provider.create({ inputs: decodeProperties(request.getProperties()), preview: request.getPreview() }, context);
      const response = new messages.CreateResponse();
      response.setId(id);
      response.setProperties(encodeProperties(outputs));
      return response;
    }),
    update: forResource(async (request, context) => {
      const { outputs } = await provider.update(
        {
          id: request.getId(),
          inputs: decodeProperties(request.getNews()),
          oldInputs: request.hasOldInputs() ? decodeProperties(request.getOldInputs()) : undefined,
          oldOutputs: decodeProperties(request.getOlds()),
          preview: request.getPreview(),
        },
        context,
      );
      const response = new messages.UpdateResponse();
      response.setProperties(encodeProperties(outputs));
      return response;
    }),
    read: forResource(async (request, context) => {
      const result = await provider.read(
        {
          id: request.getId(),
          oldInputs: request.hasInputs() ? decodeProperties(request.getInputs()) : undefined,
          oldOutputs: decodeProperties(request.getProperties()),
        },
        context,
      );
      const response = new messages.ReadResponse();
      response.setId(result.id);
      // With properties, even none, an import would take over what is not there.
      if (result.id === "") return response;
      response.setInputs(encodeProperties(result.inputs));
      response.setProperties(encodeProperties(result.outputs));
      return response;
    }),
    delete: forResource(async (request, context) => {
      await provider.delete(
        {
          id: request.getId(),
          oldInputs: request.hasOldInputs() ? decodeProperties(request.getOldInputs()) : undefined,
          oldOutputs: decodeProperties(request.getProperties()),
        },
        context,
      );
      return new Empty();
    }),
    cancel: plainly(async (_request, _context, peer) => {
      connections.cancel(peer);
      return new Empty();
    }),
    getMapping: plainly(async () => new messages.GetMappingResponse()),
    getMappings: plainly(async () => new messages.GetMappingsResponse()),
  };
  // Components, methods, parameterization and lists: grpc-js answers UNIMPLEMENTED for a method that is not there.
  return handlers as IResourceProviderServer;
}

import { connect, createServer } from "node:net";
import grpc from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { decodeProperties, encodeProperties } from "../../local/providers/grpc/property-encoding.ts";
import type { AddressInfo, Socket } from "node:net";
import type { PropertyMap } from "../../local/providers/grpc/property-values.ts";

export interface LogLine {
  severity: string;
  message: string;
  urn: string;
  ephemeral: boolean;
}

/** Says to a provider what an engine says, over real gRPC, and listens to its lines. */
export interface FakeEngine {
  lines: LogLine[];
  pluginVersion(): Promise<string>;
  configure(config: PropertyMap): Promise<void>;
  check(urn: string, news: PropertyMap, more?: { olds?: PropertyMap; seed?: Uint8Array; autoNaming?: { name: string; mode: 0 | 1 | 2 } }): Promise<{ inputs: PropertyMap; failures: string[] }>;
  diff(urn: string, request: { oldInputs: PropertyMap; oldOutputs?: PropertyMap; news: PropertyMap }): Promise<DiffAnswer>;
  create(urn: string, inputs: PropertyMap, more?: { preview?: boolean; timeout?: number }): Promise<{ id: string; outputs: PropertyMap }>;
  update(urn: string, request: { id: string; inputs: PropertyMap; oldInputs: PropertyMap; oldOutputs: PropertyMap; preview?: boolean }): Promise<PropertyMap>;
  read(urn: string, request: { id: string; oldInputs?: PropertyMap; oldOutputs?: PropertyMap }): Promise<{ id: string; inputs: PropertyMap; outputs: PropertyMap }>;
  delete(urn: string, request: { id: string; outputs: PropertyMap }): Promise<void>;
  invoke(token: string, args: PropertyMap): Promise<PropertyMap>;
  cancel(): Promise<void>;
  /** Drops the connection in the middle of whatever it does, as an engine that is killed. */
  kill(): void;
  close(): void;
}

export interface DiffAnswer {
  changes: "none" | "some";
  detailed: Record<string, string>;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** What the engine reads from the trailer of a failed creation or update. */
export interface InitFailure {
  id: string;
  reasons: string[];
  outputs: PropertyMap;
  inputs: PropertyMap;
}

type ProviderClient = InstanceType<typeof services.ResourceProviderClient>;

export async function connectEngine(port: number): Promise<FakeEngine> {
  const lines: LogLine[] = [];
  const engine = await serveEngine(lines);
  const wire = await openWire(port);
  const provider = new services.ResourceProviderClient(`127.0.0.1:${wire.port}`, grpc.credentials.createInsecure(), {
    // Each engine is a process, so each has a connection of its own.
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  /** Every method is told as `client.<method>(request, callback)`. */
  const call = <A = unknown>(method: keyof ProviderClient, request: unknown) =>
    new Promise<A>((resolve, reject) => {
      const unary = provider[method] as (request: unknown, callback: (error: grpc.ServiceError | null, answer: A) => void) => void;
      unary.call(provider, request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });

  const handshake = new messages.ProviderHandshakeRequest();
  handshake.setEngineAddress(engine.address);
  await call("handshake", handshake);
  const attach = new pluginMessages.PluginAttach();
  attach.setAddress(engine.address);
  await call("attach", attach);

  return {
    lines,
    pluginVersion: async () => (await call<InstanceType<typeof pluginMessages.PluginInfo>>("getPluginInfo", new emptyMessages.Empty())).getVersion(),
    configure: async (config) => {
      const request = new messages.ConfigureRequest();
      request.setArgs(encodeProperties(config));
      request.setAcceptsecrets(true);
      await call("configure", request);
    },
    check: async (urn, news, { olds, seed, autoNaming } = {}) => {
      const request = new messages.CheckRequest();
      request.setUrn(urn);
      request.setNews(encodeProperties(news));
      if (olds !== undefined) request.setOlds(encodeProperties(olds));
      if (seed !== undefined) request.setRandomseed(seed);
      if (autoNaming !== undefined) {
        const options = new messages.CheckRequest.AutonamingOptions();
        options.setProposedName(autoNaming.name);
        options.setMode(autoNaming.mode);
        request.setAutonaming(options);
      }
      const answer = await call<InstanceType<typeof messages.CheckResponse>>("check", request);
      return { inputs: decodeProperties(answer.getInputs()), failures: answer.getFailuresList().map((failure) => failure.getReason()) };
    },
    diff: async (urn, { oldInputs, oldOutputs = {}, news }) => {
      const request = new messages.DiffRequest();
      request.setUrn(urn);
      request.setOldInputs(encodeProperties(oldInputs));
      request.setOlds(encodeProperties(oldOutputs));
      request.setNews(encodeProperties(news));
      const answer = await call<InstanceType<typeof messages.DiffResponse>>("diff", request);
      const kinds = Object.fromEntries(Object.entries(messages.PropertyDiff.Kind).map(([name, value]) => [value, name]));
      const detailed: Record<string, string> = {};
      answer.getDetaileddiffMap().forEach((value, path) => (detailed[path] = kinds[value.getKind()] ?? "?"));
      return {
        changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME ? "some" : "none",
        detailed,
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      };
    },
    create: async (urn, inputs, { preview = false, timeout = 0 } = {}) => {
      const request = new messages.CreateRequest();
      request.setUrn(urn);
      request.setProperties(encodeProperties(inputs));
      request.setPreview(preview);
      request.setTimeout(timeout);
      const answer = await call<InstanceType<typeof messages.CreateResponse>>("create", request);
      return { id: answer.getId(), outputs: decodeProperties(answer.getProperties()) };
    },
    update: async (urn, { id, inputs, oldInputs, oldOutputs, preview = false }) => {
      const request = new messages.UpdateRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setNews(encodeProperties(inputs));
      request.setOlds(encodeProperties(oldOutputs));
      request.setOldInputs(encodeProperties(oldInputs));
      request.setPreview(preview);
      return decodeProperties((await call<InstanceType<typeof messages.UpdateResponse>>("update", request)).getProperties());
    },
    read: async (urn, { id, oldInputs, oldOutputs }) => {
      const request = new messages.ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      if (oldInputs !== undefined) request.setInputs(encodeProperties(oldInputs));
      if (oldOutputs !== undefined) request.setProperties(encodeProperties(oldOutputs));
      const answer = await call<InstanceType<typeof messages.ReadResponse>>("read", request);
      return { id: answer.getId(), inputs: decodeProperties(answer.getInputs()), outputs: decodeProperties(answer.getProperties()) };
    },
    delete: async (urn, { id, outputs }) => {
      const request = new messages.DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setProperties(encodeProperties(outputs));
      await call("delete", request);
    },
    invoke: async (token, args) => {
      const request = new messages.InvokeRequest();
      request.setTok(token);
      request.setArgs(encodeProperties(args));
      return decodeProperties((await call<InstanceType<typeof messages.InvokeResponse>>("invoke", request)).getReturn());
    },
    cancel: async () => {
      await call("cancel", new emptyMessages.Empty());
    },
    kill: () => wire.cut(),
    close: () => {
      provider.close();
      engine.close();
      wire.cut();
    },
  };
}

/** gRPC clients only hang up politely; a wire can be cut. */
async function openWire(target: number): Promise<{ port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: "127.0.0.1", noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Decodes a trailer as grpc-go does. Undefined when the error carries none: the engine then keeps nothing. */
export function initFailureOf(error: unknown): InitFailure | undefined {
  const [trailer] = (error as grpc.ServiceError).metadata.get("grpc-status-details-bin");
  if (trailer === undefined) return undefined;
  const [detail] = statusMessages.Status.deserializeBinary(trailer as Buffer).getDetailsList();
  if (detail?.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") throw new Error(`unexpected detail ${detail?.getTypeName()}`);
  const failure = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return {
    id: failure.getId(),
    reasons: failure.getReasonsList(),
    outputs: decodeProperties(failure.getProperties()),
    inputs: decodeProperties(failure.getInputs()),
  };
}

async function serveEngine(lines: LogLine[]): Promise<{ address: string; close(): void }> {
  const severities = Object.fromEntries(Object.entries(engineMessages.LogSeverity).map(([name, value]) => [value, name.toLowerCase()]));
  const server = new grpc.Server();
  server.addService(engineServices.EngineService, {
    log: ({ request }: grpc.ServerUnaryCall<InstanceType<typeof engineMessages.LogRequest>, unknown>, callback: grpc.sendUnaryData<unknown>) => {
      lines.push({
        severity: severities[request.getSeverity()] ?? "?",
        message: request.getMessage(),
        urn: request.getUrn(),
        ephemeral: request.getEphemeral(),
      });
      callback(null, new emptyMessages.Empty());
    },
  } as never);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

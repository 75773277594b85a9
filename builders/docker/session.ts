import { randomUUID } from "node:crypto";
import grpc from "@grpc/grpc-js";
import { readFields, text, writeStrings } from "./protobuf.ts";
import type Docker from "dockerode";
import type { Duplex } from "node:stream";
import type { LoginLookup } from "./docker-config.ts";

export interface RegistryLogin {
  username: string;
  password: string;
}

export interface BuildSession {
  id: string;
  close(): void;
}

/** moby.filesync.v1.Auth: `Credentials({Host: 1}) returns ({Username: 1, Secret: 2})`. */
const AUTH_SERVICE: grpc.ServiceDefinition = {
  credentials: {
    path: "/moby.filesync.v1.Auth/Credentials",
    requestStream: false,
    responseStream: false,
    requestSerialize: (host: string) => writeStrings({ 1: host }),
    requestDeserialize: (bytes: Buffer) => text(readFields(bytes), 1),
    responseSerialize: ({ username, password }: RegistryLogin) => writeStrings({ 1: username, 2: password }),
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};

/**
 * grpc.health.v1.Health: `Check({service: 1}) returns ({status: 1})`. BuildKit asks every second, and gives a session
 * up that does not answer.
 */
const HEALTH_SERVICE: grpc.ServiceDefinition = {
  check: {
    path: "/grpc.health.v1.Health/Check",
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};
/** `status: SERVING` */
const SERVING = Buffer.of(8, 1);

const ANONYMOUS: RegistryLogin = { username: "", password: "" };

/**
 * The connection that BuildKit asks back on while it builds. It serves registry logins and nothing else, each to its
 * own registry: `dockerode` would answer every registry with the same one.
 */
export async function openSession(docker: Docker, loginOf: LoginLookup): Promise<BuildSession> {
  const id = randomUUID();
  const socket = await new Promise<Duplex>((resolve, reject) => {
    docker.modem.dial(
      {
        method: "POST",
        path: "/session",
        hijack: true,
        headers: {
          Upgrade: "h2c",
          "X-Docker-Expose-Session-Uuid": id,
          "X-Docker-Expose-Session-Name": "toolwharf",
          "X-Docker-Expose-Session-Grpc-Method": [AUTH_SERVICE["credentials"]?.path],
        },
        statusCodes: { 200: true, 500: "server error" },
      } as never,
      (error: unknown, hijacked: unknown) => (error ? reject(error as Error) : resolve(hijacked as Duplex)),
    );
  });
  const server = new grpc.Server();
  server.addService(AUTH_SERVICE, {
    credentials: (call: grpc.ServerUnaryCall<string, RegistryLogin>, callback: grpc.sendUnaryData<RegistryLogin>) =>
      void loginOf(call.request).then(
        (login) => callback(null, login ?? ANONYMOUS),
        () => callback(null, ANONYMOUS),
      ),
  });
  server.addService(HEALTH_SERVICE, {
    check: (_call: unknown, callback: grpc.sendUnaryData<Buffer>) => callback(null, SERVING),
  });
  server.createConnectionInjector(grpc.ServerCredentials.createInsecure()).injectConnection(socket);
  return {
    id,
    close: () => {
      server.forceShutdown();
      socket.destroy();
    },
  };
}

/**
 * What runs in an environment's gateway container, and nowhere else: it hands on every connection to ports 80 and 443, and every DNS
 * question, to the daemon's sockets in a mounted folder. It knows no names and decides nothing. A question that the daemon leaves to others, or
 * that finds no daemon, goes to the engine's own resolver, so names of the outside world resolve at any time.
 */
import { createSocket } from "node:dgram";
import { connect, createServer, type Socket } from "node:net";

const SOCKETS = "/run/miniature";
const ENGINE_RESOLVER = { host: "127.0.0.11", port: 53 };
const DNS_PORT = 53;
const ANSWER_LIMIT_MS = 4_000;
const LARGEST_ANSWER_BYTES = 65_535;

for (const [port, door] of [[80, "http"], [443, "https"]] as const) {
  createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const daemon = connect({ path: `${SOCKETS}/${door}`, allowHalfOpen: true });
    // The daemon cannot see who asks; it expects this line first.
    daemon.write(`${client.remoteAddress ?? ""}\n`);
    couple(client, daemon);
  }).listen(port, "0.0.0.0");
}

function couple(one: Socket, other: Socket): void {
  for (const [from, to] of [[one, other], [other, one]] as const) {
    from.on("error", () => to.destroy());
    from.on("close", (broken) => (broken ? to.destroy() : to.end()));
    from.pipe(to);
  }
}

const datagrams = createSocket("udp4");
datagrams.on("message", (question, { address, port }) => {
  void askDaemon(question)
    .then((answer) => answer ?? askByDatagram(question))
    .then((answer) => answer && datagrams.send(answer, port, address))
    // Whoever asks from a port that cannot be answered, such as 0, gets none.
    .catch(() => undefined);
});
// An answer that could not be sent is asked for again by whoever wants it.
datagrams.on("error", () => undefined);
datagrams.bind(DNS_PORT, "0.0.0.0");

createServer((client) => {
  client.on("error", () => client.destroy());
  client.setTimeout(ANSWER_LIMIT_MS, () => client.destroy());
  let received = Buffer.alloc(0);
  client.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let question = firstMessage(received); question; question = firstMessage(received)) {
      received = received.subarray(2 + question.length);
      const asked = question;
      void askDaemon(asked)
        .then((answer) => answer ?? askByStream(asked))
        .then((answer) => (answer ? client.write(withLength(answer)) : client.destroy()));
    }
  });
}).listen(DNS_PORT, "0.0.0.0");

/** RFC 1035, 4.2.2: over TCP two bytes with the length come first. */
const firstMessage = (bytes: Buffer): Buffer | undefined => (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0) ? bytes.subarray(2, 2 + bytes.readUInt16BE(0)) : undefined);

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** A connection a question; an answer without bytes means that the name is not the daemon's. */
function askDaemon(question: Buffer): Promise<Buffer | undefined> {
  return exchange(connect({ path: `${SOCKETS}/dns` }), question, true).then((answer) => (answer && answer.length > 0 ? answer : undefined));
}

function askByStream(question: Buffer): Promise<Buffer | undefined> {
  return exchange(connect(ENGINE_RESOLVER), withLength(question), false).then((answer) => answer && firstMessage(answer));
}

/** @param toTheEnd whether the other side ends the answer; else it is complete with its length */
function exchange(socket: Socket, sent: Buffer, toTheEnd: boolean): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const done = (result: Buffer | undefined) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => done(undefined));
    socket.on("error", () => done(undefined));
    socket.on("data", (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length > LARGEST_ANSWER_BYTES + 2 || (!toTheEnd && firstMessage(answer))) done(answer);
    });
    socket.on("end", () => done(answer));
    socket.end(sent);
  });
}

function askByDatagram(question: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const done = (answer?: Buffer) => {
      clearTimeout(limit);
      socket.close();
      resolve(answer);
    };
    const limit = setTimeout(done, ANSWER_LIMIT_MS);
    socket.on("error", () => done());
    socket.on("message", (answer) => done(answer));
    socket.send(question, ENGINE_RESOLVER.port, ENGINE_RESOLVER.host);
  });
}

// As process 1 it gets no default handlers.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));

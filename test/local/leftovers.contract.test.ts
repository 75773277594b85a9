import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type Docker from "dockerode";
import { openEngine } from "../../builders/docker/engine.ts";
import { removeLeftovers } from "../../local/leftovers.ts";

const INSTANCE = `test${process.pid}`;

describe("what a miniature leaves on the Docker engine", () => {
  let docker: Docker;
  const names = async () => (await docker.listNetworks()).map(({ Name }) => Name).filter((name) => name.includes(INSTANCE));
  const make = (name: string, instance: string) => docker.createNetwork({ Name: name, Labels: { "toolwharf.instance": instance } });

  beforeAll(async () => {
    docker = await openEngine();
    await make(`toolwharf-${INSTANCE}-mine`, INSTANCE);
    await make(`toolwharf-${INSTANCE}-other`, `${INSTANCE}other`);
    await docker.createVolume({ Name: `toolwharf-${INSTANCE}-volume`, Labels: { "toolwharf.instance": INSTANCE } });
  });
  afterAll(async () => void (await removeLeftovers(docker, `${INSTANCE}other`)));

  test("is removed by its label and told; another miniature's stays", async () => {
    expect((await removeLeftovers(docker, INSTANCE)).sort()).toEqual([`network toolwharf-${INSTANCE}-mine`, `volume toolwharf-${INSTANCE}-volume`]);
    expect(await names()).toEqual([`toolwharf-${INSTANCE}-other`]);
    expect(await removeLeftovers(docker, INSTANCE)).toEqual([]);
  });
});

import { SetupError } from "../setup-error.js";
import { DEFAULT_SOCKET, engineAddress } from "./address.js";
import { EngineError, engineRequest } from "./request.js";

const SILENCE_MS = 5_000;

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<boolean>} false when nothing listens there
 */
export async function engineAnswers(env) {
  try {
    await engineRequest(engineAddress(env), { path: "/_ping", timeoutMs: SILENCE_MS });
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.code === "EACCES") {
      throw new SetupError("DOCKER_FORBIDDEN", `This user may not use ${DEFAULT_SOCKET}. Run: sudo usermod -aG docker $USER; then log in again.`);
    }
    return false;
  }
}

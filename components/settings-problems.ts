import * as pulumi from "@pulumi/pulumi";
import { liveSettingsFile } from "./encrypted-settings.ts";

/** Collects what is wrong with the settings, so that all of it is said at once. */
export class SettingsProblems {
  readonly #found: Array<{ propertyPath: string; reason: string }> = [];

  /**
   * @param path the key as it is set: `toolwharf:cpu`, `toolwharf:toolSettings.weather.cpu`
   * @param value what was found; shown as JSON
   * @param allowed the values that can be used, as a list or in words
   */
  add(path: string, value: unknown, allowed: string): void {
    this.#found.push({ propertyPath: path, reason: `is ${JSON.stringify(value)}; allowed: ${allowed}` });
  }

  /** A problem that is not a value out of its range. */
  say(path: string, reason: string): void {
    this.#found.push({ propertyPath: path, reason });
  }

  throwIfAny(): void {
    if (this.#found.length > 0) throw new SettingsError(this.#found);
  }
}

/** Settings that cannot be used. Nothing was created. */
export class SettingsError extends pulumi.InputPropertiesError {
  /** The SDK's mark of an error that is shown as text alone, without a stack; a program's settings are its user's. */
  readonly __pulumiRunError = true;

  constructor(errors: Array<{ propertyPath: string; reason: string }>) {
    const lines = errors.map(({ propertyPath, reason }) => `  - ${propertyPath} ${reason}`);
    const live = liveSettingsFile(pulumi.getStack());
    const message = [
      `SETTINGS_INVALID: ${errors.length === 1 ? "one setting" : `${errors.length} settings`} cannot be used; nothing was created`,
      ...lines,
      `  next: pulumi config set <key> <value> --stack ${pulumi.getStack()} (or edit its settings file${live === undefined ? "" : `; what was set with --config-file is in ${live}`}), then run the same command again`,
    ].join("\n");
    super({ message, errors });
    this.stack = "";
  }
}

import { baseImage } from "./base-images.ts";
import { RANKS } from "./detectors/ranks.ts";
import { render } from "./dockerfiles/template.ts";
import type { Template } from "./dockerfiles/template.ts";
import { TEMPLATES } from "./dockerfiles/templates.ts";
import { RecipeError } from "./errors.ts";
import type { Problem } from "./errors.ts";
import { ownDockerfileRecipe } from "./own-dockerfile.ts";
import type { Candidate, Finding, Recipe } from "./recipe.ts";
import { chosenCommand, chosenHealthPath, chosenPort } from "./request.ts";
import type { RecipeRequest } from "./request.ts";
import { PLATFORM } from "./runtimes.ts";
import type { Source } from "./source.ts";

/**
 * Finds out what a folder is: the manifest decides, then its own Dockerfile, then its lock files and code.
 *
 * @throws RecipeError when it is nothing known, two things at once, or known but not to be built so
 */
export async function detectRecipe(source: Source, request: RecipeRequest = {}): Promise<Recipe> {
  if (source.own) return ownDockerfileRecipe(source, source.own, request);
  checkOnlyOwn(source);
  for (const rank of RANKS) {
    const asked = rank.filter(({ runtimes }) => source.manifest.fields.runtime === undefined || runtimes.includes(source.manifest.fields.runtime));
    const findings = (await Promise.all(asked.map((detector) => detector.recognise(source)))).filter((finding) => finding !== undefined);
    if (findings.length === 0) continue;
    return recipeOf(onlyAnswer(source, findings), source, request);
  }
  throw new RecipeError([nothingKnown(source)]);
}

/** What a manifest rules out is no answer. */
function onlyAnswer({ manifest }: Source, findings: Finding[]): Candidate {
  const { runtime, protocol, entrypoint } = manifest.fields;
  const fits = (each: Candidate): boolean =>
    (runtime === undefined || each.runtime === runtime) && (protocol === undefined || each.protocol === protocol) && (entrypoint === undefined || each.entrypoint === undefined || each.entrypoint === entrypoint);
  const all = findings.flatMap(({ candidates }) => candidates);
  const candidates = all.filter(fits);
  const problems = findings.flatMap((finding) => finding.problems);
  const [only] = candidates;
  if (only && candidates.length === 1 && problems.length === 0) return only;
  if (candidates.length > 0) throw new RecipeError([ambiguous(candidates), ...problems]);
  if (problems.length > 0) throw new RecipeError(problems);
  throw new RecipeError([excluded(manifest.file, { runtime, protocol, entrypoint }, all)]);
}

function ambiguous(candidates: Candidate[]): Problem {
  const lines = candidates.map(({ decidedBy, reasons }) => `${decidedBy} (${reasons.join("; ")})`);
  const cause = candidates.length > 1 ? "more than one answer fits" : "an answer fits, and something else is there that does not work";
  return { code: "RECIPE_AMBIGUOUS", message: `${cause}; write the line that decides in tool.yaml: ${lines.join(", or ")}`, allowed: candidates.map(({ decidedBy }) => decidedBy).join(", ") };
}

function excluded(file: string, asked: Record<string, string | undefined>, all: Candidate[]): Problem {
  const said = Object.entries(asked).flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]));
  const lines = all.map(({ decidedBy, reasons }) => `${decidedBy} (${reasons.join("; ")})`).join(", or ");
  return { code: "RUNTIME_UNKNOWN", message: `${file} asks for ${said.join(", ")}, and what was found is another thing: ${lines}`, file, allowed: all.map(({ decidedBy }) => decidedBy).join(", ") };
}

function nothingKnown({ manifest }: Source): Problem {
  const { runtime } = manifest.fields;
  const needed = "a Dockerfile, code of a server in Python or for Node, or an index.html";
  const message = runtime === undefined ? `nothing in it says what it is; needed: ${needed}` : `is ${runtime}, and nothing in the folder is of that kind; needed: ${needed}`;
  return runtime === undefined ? { code: "RUNTIME_UNKNOWN", message } : manifest.problem(["runtime"], "RUNTIME_UNKNOWN", message, { value: runtime });
}

function checkOnlyOwn({ manifest }: Source): void {
  const wrong = (["context", "target", "args"] as const).filter((key) => {
    const value = manifest.fields.build[key];
    return typeof value === "object" ? Object.keys(value).length > 0 : value !== undefined;
  });
  if (wrong.length > 0) throw new RecipeError(wrong.map((key) => manifest.problem(["build", key], "DOCKERFILE_MISSING", "is set, and the folder has no Dockerfile of its own that could use it; name one in build.dockerfile")));
}

function recipeOf(candidate: Candidate, source: Source, request: RecipeRequest): Recipe {
  const { runtime, version, protocol, entrypoint, packageManager, template, base, args, files } = candidate;
  const port = chosenPort(source, request, candidate.port)!;
  const health = chosenHealthPath(source, request, candidate.healthPath);
  const command = chosenCommand(source);
  const { systemPackages } = source.manifest.fields;
  return {
    runtime,
    version,
    protocol,
    ...(entrypoint !== undefined && !command && { entrypoint }),
    command: command?.value ?? candidate.command(port.value),
    port: port.value,
    healthPath: health.value,
    ...(packageManager && { packageManager }),
    reasons: [...candidate.reasons, ...(command ? [command.reason] : []), port.reason, health.reason],
    environment: { ...candidate.environment?.(port.value), ...source.manifest.fields.environment },
    dockerfile: render(TEMPLATES[template], { buildkit: request.buildkit ?? true }),
    build: {
      files: { ...(TEMPLATES[template] as Template).files, ...files },
      context: ".",
      args: { BASE_IMAGE: baseImage(base, request.baseImages), ...(systemPackages.length > 0 && { SYSTEM_PACKAGES: systemPackages.join(" ") }), ...args },
      platform: PLATFORM,
    },
  };
}

import { NODE_TEMPLATES } from "./nodejs.ts";
import { PYTHON_TEMPLATES } from "./python.ts";
import { STATIC_TEMPLATES } from "./static.ts";

/**
 * Every generated Dockerfile, by the name that a candidate gives. Dependencies come before code so that an edit keeps
 * their layer, package caches stay in the builder, and what runs is a numeric user without rights on its own files, at
 * home in /tmp. What to run is the container app's.
 */
export const TEMPLATES = { ...PYTHON_TEMPLATES, ...NODE_TEMPLATES, ...STATIC_TEMPLATES } as const;

export type TemplateName = keyof typeof TEMPLATES;

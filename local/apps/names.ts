import { randomInt } from "node:crypto";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
/** As Kubernetes makes them: no vowels and no look-alikes. */
const QUIET_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

const random = (length: number, letters: string): string => Array.from({ length }, () => letters[randomInt(letters.length)]).join("");

/** `<app>--<suffix>`; without a suffix of the template's, 7 random letters and digits. */
export const revisionName = (app: string, suffix: string | undefined): string => `${app}--${suffix || random(7, LETTERS)}`;

/** `<revision>-<9 characters of the revision>-<5 of the replica>`. */
export const replicaName = (revision: string, hash: string): string => `${revision}-${hash}-${random(5, QUIET_LETTERS)}`;

export const revisionHash = (): string => random(9, QUIET_LETTERS);

export const containerName = (instance: string, replica: string): string => `toolwharf-${instance}-${replica}`;

/** A volume of one replica's own. */
export const replicaVolumeName = (instance: string, replica: string, volume: string): string => `${containerName(instance, replica)}-${volume}`;

/** The volume that stands for a share of Azure Files; an account's name has no hyphen. */
export const shareVolumeName = (instance: string, account: string, share: string): string => `toolwharf-${instance}-share-${account}-${share}`;

/** Under which a labelled revision is reached; revisions' own names have two dashes there. */
export const labelledName = (app: string, label: string): string => `${app}---${label}`;

/** `<name>.<domain>`, or `<name>.internal.<domain>`; the name is an app's or a revision's. */
export const hostName = (name: string, domain: string, external: boolean): string => `${name}.${external ? "" : "internal."}${domain}`;

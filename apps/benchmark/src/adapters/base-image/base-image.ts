/** A file or folder of this machine that a base image shows under another path. */
export interface BasePart {
  readonly source: string
  /** Absolute, inside the image. */
  readonly path: string
  /** True for a folder too large to be copied into an image of an engine: it is mounted read-only when a program runs. */
  readonly isLarge: boolean
}

/**
 * What submissions build FROM: Node and what belongs to it, taken from this machine. A container engine gets an image of
 * its small parts; the large ones, and under bubblewrap all, are bound read-only, so nothing of them is copied.
 */
export interface BaseImage {
  /** `subnetkit/node:1`; the number changes when a submission could notice. */
  readonly name: string
  readonly parts: readonly BasePart[]
  readonly texts: readonly { readonly path: string; readonly text: string }[]
  readonly links: readonly { readonly path: string; readonly target: string }[]
  /** Empty folders, where the sandbox mounts something. */
  readonly folders: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** SHA-256 over all of it: large files by size and time of change, small ones by content. */
  readonly digest: string
}

/** The names that submissions may build FROM. */
export const baseImageNames = ['subnetkit/node:1', 'subnetkit/node-clickhouse:1'] as const

/** Where packages of the base image lie, for CommonJS by NODE_PATH, for ES modules by the link `/node_modules`. */
export const basePackagesFolder = '/opt/subnetkit/node_modules'

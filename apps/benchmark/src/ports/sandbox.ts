import type { ImageType } from '@subnetkit/core'

/** What a run may use. Every limit holds in every sandbox, or opening that sandbox fails. */
export interface SandboxLimits {
  /** Memory, and memory with swap: there is no swap. */
  readonly memoryBytes: number
  /** Processors, e.g. 2 or 0.5. */
  readonly cpus: number
  /** Processes and threads. */
  readonly pids: number
  /** Size of one file. */
  readonly fileBytes: number
  /** Everything under the output folder together. */
  readonly outputBytes: number
  /** The only other place that can be written: `/tmp`, in memory. */
  readonly tmpBytes: number
  /** From start to end of the program, in ms. */
  readonly timeLimitMs: number
  /** Standard output and error that are kept, together; the rest is read and dropped. */
  readonly logBytes: number
}

/** What is built: exactly the tree that was scanned. */
export interface BuildImageParams {
  readonly tree: string
  /** Name and tag that the image gets; see {@link imageNameOf}. */
  readonly image: string
  readonly timeLimitMs: number
  readonly signal: AbortSignal
}

/** How a build ended. A submission's own fault is a value; the machine's is thrown. */
export type BuildResult =
  | { readonly isBuilt: true; readonly image: string; readonly buildMs: number }
  | { readonly isBuilt: false; readonly reason: string; readonly log: string }

/** One start of a submission. */
export interface SandboxRunParams {
  readonly image: string
  /** Unique, `subnetkit-…`; what a killed process left under this name is removed first. */
  readonly name: string
  /** Host folder that the program sees read-only as `/data/input`. */
  readonly inputFolder: string
  /** Empty host folder that receives what the program wrote to `/data/output`: regular files only. */
  readonly outputFolder: string
  /** Beside the image's own; e.g. NETWORK, WINDOW_DAYS, PROCESSING_DATE. */
  readonly environment: Readonly<Record<string, string>>
  readonly limits: SandboxLimits
  readonly isGpuWanted: boolean
  readonly signal: AbortSignal
}

/** How a program ended. */
export type SandboxEnd = 'exited' | 'timeout' | 'out_of_memory' | 'output_too_large' | 'killed'

/** What became of a run. The container is gone, and so is every process of it, when this is known. */
export interface SandboxRunResult {
  readonly end: SandboxEnd
  /** Of `exited`, 0–255; null otherwise. */
  readonly exitCode: number | null
  /** Whole milliseconds from the start of the program to its end. */
  readonly executionMs: number
  /** Null where the sandbox cannot tell. */
  readonly memoryPeakBytes: number | null
  readonly outputBytes: number
  /** Names of regular files in `outputFolder`, sorted; anything else that was there is gone and named in `refused`. */
  readonly files: readonly string[]
  /** Links, devices and the like that the program left in its output; none of them was followed. */
  readonly refused: readonly string[]
  /** At most `logBytes`, control characters removed. */
  readonly log: string
}

/** Where submissions are built and run, without network and without a way to anything but their input and output. */
export interface Sandbox extends AsyncDisposable {
  /** `docker`, `podman` or `bubblewrap`. */
  readonly name: string
  /** A line for people: which engine and version, and how each limit is held. */
  readonly description: string
  /** Whether RUN may be built: only where an engine keeps the network, memory and time of a build. */
  readonly isRunAllowed: boolean
  /** Makes sure of the base image; harmless when repeated. Returns the names that submissions may build FROM. */
  prepareBaseImages(signal: AbortSignal): Promise<readonly string[]>
  hasImage(image: string): Promise<boolean>
  buildImage(params: Readonly<BuildImageParams>): Promise<BuildResult>
  /** Rejects only for the machine's own failures, and when aborted. */
  run(params: Readonly<SandboxRunParams>): Promise<SandboxRunResult>
  removeImage(image: string): Promise<void>
  /** Removes containers, folders and unnamed layers that killed processes left; never those of a process that lives. */
  removeLeftovers(): Promise<readonly string[]>
  close(): Promise<void>
}

/** The one name of the image of a submission at a commit; a hotkey's case is kept apart by its spelling in hex. */
export function imageNameOf(
  submission: Readonly<{ imageType: ImageType; hotkey: string; commit: string }>,
): string {
  const hotkey = Buffer.from(submission.hotkey, 'utf8').toString('hex')
  return `subnetkit-${submission.imageType}/${hotkey}:${submission.commit}`
}

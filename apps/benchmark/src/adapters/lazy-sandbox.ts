import type {
  BuildImageParams,
  BuildResult,
  Sandbox,
  SandboxRunParams,
  SandboxRunResult,
} from '../ports/sandbox.ts'

/**
 * A sandbox that is opened by the first call that needs it: commands that only read find no engine missing. What `open`
 * throws, that call throws, and the next one tries again.
 */
export class LazySandbox implements Sandbox {
  readonly #open: () => Promise<Sandbox>
  #opening: Promise<Sandbox> | null = null
  #opened: Sandbox | null = null

  constructor(open: () => Promise<Sandbox>) {
    this.#open = open
  }

  /** Opens it now, to fail early. */
  async open(): Promise<Sandbox> {
    this.#opening ??= this.#open()
    try {
      this.#opened = await this.#opening
      return this.#opened
    } catch (error) {
      this.#opening = null
      throw error
    }
  }

  /** `unopened` before any call. */
  get name(): string {
    return this.#opened?.name ?? 'unopened'
  }

  get description(): string {
    return this.#opened?.description ?? 'not opened: nothing asked for it yet'
  }

  /** False before any call. */
  get isRunAllowed(): boolean {
    return this.#opened?.isRunAllowed ?? false
  }

  async prepareBaseImages(signal: AbortSignal): Promise<readonly string[]> {
    return await (await this.open()).prepareBaseImages(signal)
  }

  async hasImage(image: string): Promise<boolean> {
    return await (await this.open()).hasImage(image)
  }

  async buildImage(params: Readonly<BuildImageParams>): Promise<BuildResult> {
    return await (await this.open()).buildImage(params)
  }

  async run(params: Readonly<SandboxRunParams>): Promise<SandboxRunResult> {
    return await (await this.open()).run(params)
  }

  async removeImage(image: string): Promise<void> {
    await (await this.open()).removeImage(image)
  }

  async removeLeftovers(): Promise<readonly string[]> {
    return await (await this.open()).removeLeftovers()
  }

  async close(): Promise<void> {
    await this.#opened?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

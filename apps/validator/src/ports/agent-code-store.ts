/** Where the files of agents are, each under the hash of its content. */
export interface AgentCodeStore {
  /**
   * Keeps a content; resolves once it would survive a crash of the machine. The same content again changes nothing.
   *
   * @throws StorageError `invalid_input` when the content is not of this hash.
   */
  put(params: Readonly<{ sha256: string; content: Uint8Array }>): Promise<void>
  /**
   * The content of a hash, or null when it was never kept here.
   *
   * @throws StorageError `corrupt_row` when what is there is not of this hash.
   */
  find(params: Readonly<{ sha256: string }>): Promise<Uint8Array | null>
}

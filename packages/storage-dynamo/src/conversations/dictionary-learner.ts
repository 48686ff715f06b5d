import type { CallOptions } from '@subnetkit/core'

import { buildDictionary } from './build-dictionary.ts'
import type { ConversationDictionaries } from './conversation-dictionaries.ts'
import type { Dictionary } from './dictionary.ts'

/** Longer conversations would crowd out others from what is learnt from. */
const MAX_SAMPLE_BYTES = 32 * 1024
const MAX_ENVIRONMENTS = 16

/** What was stored for one environment since the process began. */
interface Collected {
  readonly samples: Uint8Array[]
  readonly prompts: Set<string>
}

/**
 * Learns the general dictionary of an environment that has none, from the first conversations that this process stores
 * for it; once learnt, it stays. Conversations without a prompt of their own all count, of those of one task only one:
 * what they share is in the prompt's dictionary.
 */
export class DictionaryLearner {
  readonly #dictionaries: ConversationDictionaries
  readonly #samplesWanted: number
  readonly #collected = new Map<string, Collected>()

  constructor(dictionaries: ConversationDictionaries, samplesWanted: number) {
    this.#dictionaries = dictionaries
    this.#samplesWanted = samplesWanted
  }

  /** Takes note of a conversation of an environment without a general dictionary; learns when there are enough. */
  async note(
    params: Readonly<{ environment: string; content: Uint8Array; prompt: Dictionary | null }>,
    options?: CallOptions,
  ): Promise<void> {
    const { environment, content, prompt } = params
    if (this.#collected.size >= MAX_ENVIRONMENTS && !this.#collected.has(environment)) return
    const known = this.#collected.get(environment) ?? { samples: [], prompts: new Set() }
    this.#collected.set(environment, known)
    if (prompt !== null && known.prompts.size === known.prompts.add(prompt.id).size) return
    // A copy: a part of a large conversation would keep all of it in memory.
    known.samples.push(Uint8Array.from(content.subarray(0, MAX_SAMPLE_BYTES)))
    if (known.samples.length < this.#samplesWanted) return
    this.#collected.delete(environment)
    if ((await this.#dictionaries.refreshGeneral({ environment }, options)) !== null) return
    const dictionary = buildDictionary({ samples: known.samples })
    if (dictionary !== null) await this.#dictionaries.putGeneral({ environment, dictionary }, options)
  }
}

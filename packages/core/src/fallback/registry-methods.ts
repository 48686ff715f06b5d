import type { CallOptions } from '../repositories/call-options.ts'
import type { Repositories } from '../repositories/repositories.ts'
import type { FallbackParts } from './fallback-parts.ts'
import { readCopy, readWithFallback } from './read-with-fallback.ts'
import { writeWithOutbox, type Change } from './write-with-outbox.ts'

/** The repositories that both stores keep: the ten simple operations. */
export type SharedRegistry = Pick<Repositories, 'agents' | 'agentVersions' | 'weightsSnapshots'>

/** What the copy keeps besides: questions that it alone can answer. */
export type CopiedRegistry = SharedRegistry & Pick<Repositories, 'agentAnalyses'>

type Ask<Asked, Params, Result> = (registry: Asked, params: Params, options: CallOptions) => Promise<Result>
type Method<Params, Result> = (params: Params, options?: CallOptions) => Promise<Result>

/** Makes methods of repositories: which store each goes to, and how, is said by the one that it is made with. */
export interface RegistryMethods {
  /** Of the store that decides, and of the copy when that one is silent. */
  read<Params, Result>(operation: string, ask: Ask<SharedRegistry, Params, Result>): Method<Params, Result>
  /** As `read`, for a method without parameters. */
  readAll<Result>(
    operation: string,
    ask: (registry: SharedRegistry, options: CallOptions) => Promise<Result>,
  ): (options?: CallOptions) => Promise<Result>
  /** To the store that decides, told to the copy by the outbox. */
  write<Params, Result>(
    operation: string,
    subjectOf: (given: Params) => Change<SharedRegistry, Result>['subject'],
    ask: Ask<SharedRegistry, Params, Result>,
  ): Method<Params, Result>
  /** Of the copy alone. */
  analyse<Params, Result>(operation: string, ask: Ask<CopiedRegistry, Params, Result>): Method<Params, Result>
}

/** See {@link RegistryMethods}. */
export function createMethods(parts: FallbackParts<SharedRegistry, CopiedRegistry>): RegistryMethods {
  return {
    read: (operation, ask) => async (given, options) =>
      readWithFallback(
        parts,
        { operation, ask: (registry, limited) => ask(registry, given, limited) },
        options,
      ),
    readAll: (operation, ask) => async (options) => readWithFallback(parts, { operation, ask }, options),
    write: (operation, subjectOf, ask) => async (given, options) =>
      writeWithOutbox(
        parts,
        { operation, subject: subjectOf(given), ask: (registry, limited) => ask(registry, given, limited) },
        options,
      ),
    analyse: (operation, ask) => async (given, options) =>
      readCopy(parts, { operation, ask: (registry, limited) => ask(registry, given, limited) }, options),
  }
}

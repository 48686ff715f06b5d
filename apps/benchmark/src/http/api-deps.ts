import type { BenchmarkRepositories } from '../benchmark-deps.ts'
import type { Registration } from './registration.ts'

/** What the routes work with. Everything but registration only reads. */
export interface ApiDeps {
  readonly repositories: BenchmarkRepositories
  readonly registration: Registration
  /** Who may register miners; null: nobody, since no key was set. */
  readonly apiKey: string | null
  /** SHA-256 of seeds that are in use outside of tournaments: worlds of theirs are never shown. */
  readonly secretSeeds: ReadonlySet<string>
  readonly version: string
}

import type { BenchmarkRepositories } from '../benchmark-deps.ts'
import type { Registration } from './registration.ts'

/** What the routes work with. Everything but registration only reads. */
export interface ApiDeps {
  readonly repositories: BenchmarkRepositories
  readonly registration: Registration
  /** Who may register miners; null: nobody, since no key was set. */
  readonly apiKey: string | null
  readonly now: () => Date
  readonly version: string
}

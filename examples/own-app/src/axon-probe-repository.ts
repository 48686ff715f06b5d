import type { CallOptions } from '@subnetkit/core'

import type { AxonProbe, AxonUptime } from './axon-probe.ts'

/** A span of one subnet's history, from `since` up to but not including `until`. */
export interface AxonSpan {
  readonly network: string
  readonly netuid: number
  readonly since: Date
  readonly until: Date
}

/** What can be asked about probes. It names no engine, so that tasks and tests do not know where the rows lie. */
export interface AxonProbeRepository {
  /** Stores probes; the same probe again replaces the one that is there. Resolves once they can be read. */
  put(params: { readonly probes: readonly AxonProbe[] }, options?: CallOptions): Promise<void>
  /** The newest probe of an axon, or null. */
  findNewest(
    params: { readonly network: string; readonly netuid: number; readonly uid: number },
    options?: CallOptions,
  ): Promise<AxonProbe | null>
  /** One line per axon that was probed in the span, by uid. */
  summarise(span: AxonSpan, options?: CallOptions): Promise<readonly AxonUptime[]>
}

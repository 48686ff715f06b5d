import type { Metrics } from '@subnetkit/core'
import { Counter } from 'prom-client'

/** Counts requests to upload by the status of their answer; once per registry. Those that were not signed rightly too. */
export function createUploadCounter({ registry }: Pick<Metrics, 'registry'>): (status: number) => void {
  const requests = new Counter({
    name: 'subnetkit_agent_upload_requests_total',
    help: 'Requests to upload an agent, by the status of their answer.',
    labelNames: ['status'],
    registers: [registry],
  })
  return (status) => requests.inc({ status })
}

import {
  agentUploadSchema,
  checkNotFuture,
  hotkeySchema,
  instantSchema,
  StorageError,
  versionNumSchema,
  type AgentUpload,
  type AgentUploadRepository,
  type CallOptions,
  type Page,
  type PageParams,
} from '@subnetkit/core'
import { z } from 'zod'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { absent, anyOf, compare } from '../requests/condition.ts'
import { getItem } from '../requests/get-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { updateItem, updateItemIf } from '../requests/update-item.ts'
import { agentUploadsTable as table } from '../tables/agent-uploads-table.ts'
import { agentUploadItem, agentUploadKey, agentUploadPartition } from './agent-upload-items.ts'

const newUploadSchema = agentUploadSchema.omit({ completedAt: true })
const placeSchema = z.object({ minerHotkey: hotkeySchema, versionNum: versionNumSchema })
const completeSchema = placeSchema.extend({ now: instantSchema })

/** Uploads in DynamoDB: one conditional update decides whose number it is. */
export class DynamoAgentUploadRepository implements AgentUploadRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async claim(
    params: Readonly<{ upload: Omit<AgentUpload, 'completedAt'>; now: Date }>,
    options?: CallOptions,
  ): Promise<AgentUpload> {
    const { upload, now } = params
    checkInput(newUploadSchema, upload, 'upload')
    checkNotFuture('claimedAt', upload.claimedAt, now)
    const { pk, sk, agentId, versionId, ...first } = agentUploadItem.encode({ ...upload, completedAt: null })
    const claimed = await updateItemIf(
      {
        connection: this.#connection,
        table,
        key: { pk, sk },
        change: { set: { agentId, versionId }, setIfAbsent: first },
        condition: anyOf(absent('pk'), compare('sha256', '=', upload.sha256)),
      },
      options,
    )
    if (claimed !== null) return agentUploadItem.decode(claimed)
    const { minerHotkey, versionNum } = upload
    throw new StorageError({
      code: 'conflict',
      message: `version ${versionNum} of ${minerHotkey} was uploaded with another content`,
      details: { reason: 'other_content', minerHotkey, versionNum },
    })
  }

  async complete(
    params: Readonly<{ minerHotkey: string; versionNum: number; now: Date }>,
    options?: CallOptions,
  ): Promise<AgentUpload> {
    checkInput(completeSchema, params, 'complete')
    const stored = await this.find(params, options)
    if (stored === null) {
      const { minerHotkey, versionNum } = params
      throw new StorageError({
        code: 'not_found',
        message: `version ${versionNum} of ${minerHotkey} was never uploaded`,
        details: { minerHotkey, versionNum },
      })
    }
    if (stored.completedAt !== null) return stored
    const { completedAt } = agentUploadItem.encode({ ...stored, completedAt: params.now })
    const item = await updateItem(
      {
        connection: this.#connection,
        table,
        key: agentUploadKey(stored),
        change: { set: { completedAt } },
      },
      options,
    )
    return agentUploadItem.decode(item)
  }

  async find(
    params: Readonly<{ minerHotkey: string; versionNum: number }>,
    options?: CallOptions,
  ): Promise<AgentUpload | null> {
    checkInput(placeSchema, params, 'find')
    const item = await getItem({ connection: this.#connection, table, key: agentUploadKey(params) }, options)
    return item === null ? null : agentUploadItem.decode(item)
  }

  async list(
    params: Readonly<{ minerHotkey: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<AgentUpload>> {
    const { minerHotkey, ...page } = params
    checkInput(hotkeySchema, minerHotkey, 'minerHotkey')
    const partition = agentUploadPartition.build({ minerHotkey })
    const query = { ...page, connection: this.#connection, table, partition, order: 'descending' } as const
    const { items, nextCursor } = await queryItems(query, options)
    return { items: items.map((item) => agentUploadItem.decode(item)), nextCursor }
  }
}

import type * as control from '@aws-sdk/client-dynamodb'
import type * as documents from '@aws-sdk/lib-dynamodb'
import type { CallOptions } from '@subnetkit/core'

type Call<Input, Output> = (input: Input, options?: CallOptions) => Promise<Output>

/**
 * Reading and writing items, as the requests of this package use it: the document client behind checked values,
 * translated errors and signals. An interface of plain functions, so that a test or a proxy can wrap any of them.
 */
export interface DocumentCalls {
  readonly get: Call<documents.GetCommandInput, documents.GetCommandOutput>
  readonly put: Call<documents.PutCommandInput, documents.PutCommandOutput>
  readonly update: Call<documents.UpdateCommandInput, documents.UpdateCommandOutput>
  readonly delete: Call<documents.DeleteCommandInput, documents.DeleteCommandOutput>
  readonly query: Call<documents.QueryCommandInput, documents.QueryCommandOutput>
  readonly scan: Call<documents.ScanCommandInput, documents.ScanCommandOutput>
  readonly batchGet: Call<documents.BatchGetCommandInput, documents.BatchGetCommandOutput>
  readonly batchWrite: Call<documents.BatchWriteCommandInput, documents.BatchWriteCommandOutput>
}

/** Making, changing and removing tables. */
export interface TableCalls {
  readonly describeTable: Call<control.DescribeTableCommandInput, control.DescribeTableCommandOutput>
  readonly createTable: Call<control.CreateTableCommandInput, control.CreateTableCommandOutput>
  readonly updateTable: Call<control.UpdateTableCommandInput, control.UpdateTableCommandOutput>
  readonly deleteTable: Call<control.DeleteTableCommandInput, control.DeleteTableCommandOutput>
  readonly listTables: Call<control.ListTablesCommandInput, control.ListTablesCommandOutput>
  readonly describeTimeToLive: Call<
    control.DescribeTimeToLiveCommandInput,
    control.DescribeTimeToLiveCommandOutput
  >
  readonly updateTimeToLive: Call<control.UpdateTimeToLiveCommandInput, control.UpdateTimeToLiveCommandOutput>
  readonly describeContinuousBackups: Call<
    control.DescribeContinuousBackupsCommandInput,
    control.DescribeContinuousBackupsCommandOutput
  >
  readonly updateContinuousBackups: Call<
    control.UpdateContinuousBackupsCommandInput,
    control.UpdateContinuousBackupsCommandOutput
  >
}

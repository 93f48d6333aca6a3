import type { Config } from '../config.ts'
import type { Database } from '../store/database.ts'
import { createExactIndex } from '../vectors/exact/exact-index.ts'
import { preparePgvector } from '../vectors/pgvector/extension.ts'
import { createPgvectorIndex } from '../vectors/pgvector/pgvector-index.ts'
import { createQdrantIndex } from '../vectors/qdrant/qdrant-index.ts'
import type { VectorIndex } from '../vectors/vector-index.ts'

/**
 * Picks what finds the nearest vectors: the Qdrant server of the settings, pgvector where the database server has it, else every
 * vector is compared. Nothing is made in a database while no model for vectors is set.
 */
export async function openVectors(config: Config, { kind, sql }: Database): Promise<VectorIndex> {
  if (config.qdrantUrl !== undefined)
    return createQdrantIndex(sql, { address: config.qdrantUrl, key: config.qdrantKey })
  const searched = kind === 'postgres' && config.embeddings !== undefined
  const schema = searched ? await preparePgvector(sql) : undefined
  return schema === undefined ? createExactIndex(sql) : createPgvectorIndex(sql, schema)
}

import type { Analyst } from '../analysts/analyst.ts'
import { createExtractiveAnalyst } from '../analysts/extractive/analyst.ts'
import { createFallbackAnalyst } from '../analysts/fallback.ts'
import { createModelAnalyst } from '../analysts/model/analyst.ts'
import type { Config } from '../config.ts'
import { type SessionSettings, sessionSettingsSchema } from '../contract/settings.ts'
import { SheafError } from '../errors.ts'
import type { Limits } from '../limits/limits.ts'
import { createEmbedder } from '../models/create-embedder.ts'
import { createModelGateway } from '../models/create-gateway.ts'
import type { Embedder } from '../models/embedder.ts'
import type { ModelGateway } from '../models/gateway.ts'
import type { ProviderConfig } from '../models/providers.ts'
import type { Regions } from '../regions/regions.ts'
import type { ModelSetting } from '../setting-schemas.ts'
import type { Sql } from '../store/database.ts'
import { appendEvent } from '../store/events.ts'
import { gatesOf } from '../store/gates.ts'
import type { Budget } from '../store/model-calls.ts'
import { findSession } from '../store/sessions.ts'
import type { Telemetry } from './telemetry.ts'

/** What analysts are made with. */
export interface AnalystParts {
  readonly config: Config
  readonly sql: Sql
  readonly limits: Limits
  readonly regions: Regions
  readonly telemetry: Pick<Telemetry, 'measure' | 'trace'>
}

/** Gives each session the analyst that its settings ask for. */
export function analystsFor(parts: AnalystParts): (settings: SessionSettings, session: string) => Analyst {
  const extractive = createExtractiveAnalyst()
  const gateway = gatewayFor(parts)
  return ({ analyst }, session) => {
    if (analyst === 'extractive' || (analyst === 'auto' && !gateway)) return extractive
    if (!gateway)
      throw new SheafError('invalid_input', 'No language model is configured.', {
        advice: 'Name one, as SHEAF_MODELS=openai/MODEL with its key, or review with --analyst extractive.',
      })
    const model = createModelAnalyst({ gateway, session })
    if (analyst === 'model') return model
    return createFallbackAnalyst({
      preferred: model,
      other: extractive,
      onFallback: (task, { message: reason }) =>
        appendEvent(parts.sql, session, { type: 'analyst.fallback', task, reason }),
    })
  }
}

function gatewayFor({
  config,
  sql,
  limits,
  regions,
  telemetry: { measure, trace },
}: AnalystParts): ModelGateway | undefined {
  const { models = [], prices, dayCost, userDayCost } = config
  if (models.length === 0) return undefined
  return createModelGateway({
    sql,
    limits,
    providers: models.map((model) => providerFor(config, model)),
    prices,
    userBudget: { cost: userDayCost },
    dayBudget: { cost: dayCost },
    sessionBudget: (session) => sessionBudget(sql, session),
    measure,
    trace,
    regions,
  })
}

/** The model for vectors that the settings name. Keys, prices and the budget of a day are those of language models. */
export function embedderFor({
  config,
  sql,
  limits,
  regions,
  telemetry: { measure, trace },
}: AnalystParts): Embedder | undefined {
  const { embeddings, prices, dayCost } = config
  if (embeddings === undefined) return undefined
  return createEmbedder({
    sql,
    limits,
    provider: providerFor(config, embeddings),
    prices,
    dayBudget: { cost: dayCost },
    measure,
    trace,
    regions,
  })
}

function providerFor(config: Config, model: ModelSetting): ProviderConfig {
  const keys = {
    openai: config.openAiKey,
    google: config.googleKey,
    anthropic: config.anthropicKey,
    compatible: config.modelServerKey,
  }
  return {
    ...model,
    baseUrl: model.baseUrl ?? config.endpoints?.[model.provider],
    apiKey: keys[model.provider],
  }
}

/** The tokens a session may use: what it was started with, or what a person has agreed to since, by default as much again. */
async function sessionBudget(sql: Sql, id: string): Promise<Budget> {
  const session = await findSession(sql, id)
  if (!session) return {}
  const { allowed } = sessionSettingsSchema.parse(session.settings)
  const gate = (await gatesOf(sql, id)).get('tokens')
  if (allowed.tokens === undefined || gate?.state !== 'approved') return { tokens: allowed.tokens }
  const before = Number(gate.details.limit) || allowed.tokens
  return { tokens: gate.answer?.tokens ?? before + allowed.tokens }
}

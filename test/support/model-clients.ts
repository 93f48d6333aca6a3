import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { ModelLab } from '../../lab/models/model-lab.ts'

/** A client of each kind for the laboratory's servers, as Sheaf's own clients are made. */
export function modelClients({ baseUrls }: ModelLab) {
  const apiKey = 'lab'
  const openai = createOpenAI({ baseURL: baseUrls.openai, apiKey })
  const compatible = createOpenAICompatible({
    baseURL: baseUrls.compatible,
    name: 'compatible',
    apiKey,
    supportsStructuredOutputs: true,
    includeUsage: true,
  })
  return {
    'OpenAI Responses': openai('gpt-5-mini'),
    'OpenAI chat': openai.chat('gpt-5-mini'),
    Gemini: createGoogleGenerativeAI({ baseURL: baseUrls.google, apiKey })('gemini-3-flash'),
    'Anthropic format': createAnthropic({ baseURL: baseUrls.anthropic, apiKey })('claude-sonnet-4-5'),
    'Anthropic tool': createAnthropic({ baseURL: baseUrls.anthropic, apiKey })('claude-sonnet-4-20250514'),
    compatible: compatible('llama-3.3'),
  }
}

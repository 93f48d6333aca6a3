import type { Corpus } from '../../lab/corpus/corpus.ts'
import type { LocationKind } from '../../lab/corpus/locations.ts'
import type { LabPaper } from '../../lab/corpus/paper.ts'
import { type LabOptions, type RunningLab, startLab } from '../../lab/lab.ts'
import { type ModelLab, type ModelLabOptions, startModelLab } from '../../lab/models/model-lab.ts'
import { hostKinds } from '../../lab/servers/hosts.ts'

/** Simulated scholarly services, hosts of full texts and providers of models, at work in this process. */
export interface Laboratory extends AsyncDisposable {
  readonly scholarly: RunningLab
  readonly models: ModelLab
  /** What a process of Sheaf needs to use nothing but this laboratory; it asks no model. */
  readonly withoutModel: NodeJS.ProcessEnv
  /** The same, with models of these providers, first choice first. */
  withModels(...providers: (keyof typeof modelNames)[]): NodeJS.ProcessEnv
  /** What any server has counted against its clients, as sentences; none when all kept to the rules. */
  offences(): string[]
}

const modelNames = {
  openai: 'openai/gpt-5.4-mini',
  anthropic: 'anthropic/claude-haiku-4-5',
  google: 'google/gemini-2.5-flash',
  compatible: 'compatible/llama3',
} as const

/** Starts both laboratories, small and without latency unless asked for more. */
export async function startLaboratory({
  scholarly: scholarlyOptions,
  models: modelOptions,
}: {
  scholarly?: LabOptions
  models?: ModelLabOptions
} = {}): Promise<Laboratory> {
  // A busy machine takes some requests late, and those after them seem to follow too soon.
  const usual = { seed: 1, papers: 6_000, politeHosts: 5, hostTerms: { within: 600 } }
  const scholarly = await startLab({ ...usual, ...scholarlyOptions })
  const models = await startModelLab({ seed: 3, ...modelOptions })
  const endpoints = { ...scholarly.endpoints, ...models.baseUrls }
  const withoutModel = {
    SHEAF_ENDPOINTS: Object.entries(endpoints)
      .map(([name, address]) => `${name}=${address}`)
      .join(','),
    SHEAF_ALLOWED_HOSTS: scholarly.allowedHosts.join(','),
    OPENAI_API_KEY: 'key',
    ANTHROPIC_API_KEY: 'key',
    GOOGLE_GENERATIVE_AI_API_KEY: 'key',
  }
  return {
    scholarly,
    models,
    withoutModel,
    withModels: (...providers) => ({
      ...withoutModel,
      SHEAF_MODELS: providers.map((provider) => modelNames[provider]).join(','),
    }),
    offences: () =>
      [...scholarly.violations(), ...models.violations()].map(
        ({ service, kind, detail }) => `${service}: ${kind}: ${detail}`,
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all([scholarly.close(), models.close()])
    },
  }
}

/** The question of the laboratory that most tests ask; a twelfth of its papers are on this topic. */
export const laboratoryQuestion = 'Does retrieval augmentation reduce hallucination in large language models?'

/** Address of the full text of the first paper whose place is of this kind. */
export function addressOf({ corpus, allowedHosts }: RunningLab, kind: LocationKind): string {
  const { index } = firstPaper(corpus, ({ location }) => location === kind)
  const hosts = allowedHosts.slice(1)
  const polite = hosts.slice(0, -2)
  const isPolite = (hostKinds.polite as readonly string[]).includes(kind)
  const host = isPolite ? polite[index % polite.length] : hosts.at(kind === 'slow' ? -2 : -1)
  return `http://${host}/${kind}/${index}.pdf`
}

/** The first paper of a corpus that is as asked. @throws {RangeError} when none is */
export function firstPaper(corpus: Corpus, isSo: (paper: LabPaper) => boolean): LabPaper {
  for (let index = 0; index < corpus.size; index += 1) {
    const paper = corpus.paper(index)
    if (isSo(paper)) return paper
  }
  throw new RangeError('The laboratory has no such paper.')
}

import { Command, Option } from 'commander'
import { analystChoices } from '../../contract/settings.ts'
import { folders, names, positiveInteger, wholeNumber, year } from '../options.ts'

/** Options of `sheaf research`, as the parser leaves them. */
export interface ResearchOptions {
  library?: string[]
  out?: string
  source?: string[]
  paper?: string[]
  maxPapers?: number
  maxRecords?: number
  analyst?: (typeof analystChoices)[number]
  chase?: 'backward' | 'forward' | 'both'
  allowDownloads?: number
  allowDomains?: string[]
  allowTokens?: number
  since?: number
  until?: number
  review?: 'plan'
  resume?: string
  dryRun?: boolean
  json?: boolean
  quiet?: boolean
}

/** `sheaf research`: from a question to a report. */
export function researchCommand(): Command {
  return new Command('research')
    .description(
      'Review the literature on a question and write a report whose every statement can be checked',
    )
    .argument('[question]', 'the research question, in one sentence')
    .option('-l, --library <folder>', 'folder of PDFs to review; may be given several times', folders)
    .option('-o, --out <folder>', 'where to write the report (default: a new folder in ./sheaf-reviews)')
    .option(
      '-s, --source <names>',
      'sources to search, with commas: arxiv, openalex, semanticscholar, crossref, europepmc, pubmed, core, library (default: the folders given or kept; without any, arXiv, OpenAlex and those you have a key for)',
      names,
    )
    .option(
      '-p, --paper <identifier>',
      'a work to review: DOI, arXiv id, PubMed id or address; several times',
      names,
    )
    .option('-n, --max-papers <number>', 'review at most this many papers, the best first', positiveInteger)
    .option('--since <year>', 'leave out papers published before this year', year)
    .option('--until <year>', 'leave out papers published after this year', year)
    .option(
      '--max-records <number>',
      'take at most this many from each source (default: 100)',
      positiveInteger,
    )
    .addOption(
      new Option(
        '--chase <direction>',
        'follow the references of core papers, or works that cite them',
      ).choices(['backward', 'forward', 'both']),
    )
    .addOption(
      new Option(
        '--analyst <which>',
        'who judges: extractive (no model), model, or auto (a model where one is configured; default)',
      ).choices(analystChoices),
    )
    .option('--allow-downloads <number>', 'download this many full texts without asking', wholeNumber)
    .option('--allow-domains <names>', 'have full texts from these hosts only, without asking', names)
    .option('--allow-tokens <number>', 'use this many tokens of a model without asking', wholeNumber)
    .addOption(new Option('--review <what>', 'stop for your approval of the plan').choices(['plan']))
    .option('--resume <session>', 'go on with a session that was stopped')
    .option('--dry-run', 'show the plan and what would be read, and do nothing')
    .option('--json', 'write progress and result to standard output as JSON, one object a line')
    .option('-q, --quiet', 'show no progress')
    .addHelpText(
      'after',
      `
Examples:
  sheaf research "How are structural changes in linear models tested?" --library ~/papers
  sheaf research --resume 01jd2k7m
  sheaf research "…" -l ~/papers --since 2015 --review plan`,
    )
    .action(async (question: string | undefined, options: ResearchOptions) => {
      const { research } = await import('../run/research.ts')
      await research(question, options)
    })
}

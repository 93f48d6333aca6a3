import { Command } from 'commander'
import { folders } from '../options.ts'

/** `sheaf verify`: reads the PDFs of a report again and checks what it says. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('Check every quotation, page, hash and citation number of a report against the PDFs')
    .argument('<report>', 'folder of the report')
    .option('-l, --library <folder>', 'where the PDFs are, if they were moved', folders)
    .option('--json', 'write the result as JSON')
    .action(async (report: string, options: { library?: string[]; json?: boolean }) => {
      const { verify } = await import('../run/verify.ts')
      await verify(report, options)
    })
}

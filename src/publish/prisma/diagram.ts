import type { Prisma } from '../../contract/report.ts'
import { html, type SafeHtml } from '../html/template.ts'
import { type FlowBox, type FlowRow, flowInWords, flowRows } from './boxes.ts'
import { wrapped } from './measure.ts'

const stageWidth = 28
const mainLeft = 44
const mainWidth = 250
const leavingLeft = 340
const leavingWidth = 300
const padding = 11
const headingSize = 13
const detailSize = 12
const lineHeight = 17
const rowGap = 30
const boxGap = 10
/** The last stage's name stands upright beside a single row. */
const minimumHeight = 62
const diagramWidth = leavingLeft + leavingWidth + 1

interface PlacedBox {
  left: number
  top: number
  width: number
  height: number
  heading: string[]
  details: string[]
}

interface PlacedRow {
  stage: FlowRow['stage']
  top: number
  bottom: number
  main: PlacedBox
  leaving: PlacedBox[]
}

/**
 * The PRISMA 2020 flow diagram for searches of databases and registers (Page et al. 2021, BMJ 372:n71, figure 1) as an
 * SVG that stands alone or inside a page. Boxes are as high as their wrapped text. Colours are presentation attributes,
 * opaque and legible on white and on black, so that a page's style sheet can change them. `idPrefix` keeps the
 * identifiers of two diagrams in one page apart.
 */
export function prismaDiagram(prisma: Prisma, idPrefix = 'prisma'): SafeHtml {
  const rows = placed(flowRows(prisma))
  const height = rows.at(-1)!.bottom + 1
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="prisma" viewBox="0 0 ${diagramWidth} ${height}" width="${diagramWidth}" height="${height}" role="img" aria-labelledby="${idPrefix}-title" aria-describedby="${idPrefix}-description" font-family="Arial, Helvetica, 'Liberation Sans', sans-serif">
<title id="${idPrefix}-title">PRISMA 2020 flow diagram</title>
<desc id="${idPrefix}-description">${flowInWords(prisma)}</desc>
${stages(rows)}${rows.map(drawnRow)}${rows.slice(1).map((row, position) => arrowDown(rows[position]!, row))}</svg>
`
}

function placed(rows: readonly FlowRow[]): PlacedRow[] {
  let top = 1
  return rows.map((row) => {
    const main = sized(row.main, mainLeft, mainWidth)
    const leaving = row.leaving.map((box) => sized(box, leavingLeft, leavingWidth))
    const leavingHeight = leaving.reduce((sum, box) => sum + box.height + boxGap, -boxGap)
    const height = Math.max(main.height, leavingHeight, minimumHeight)
    const result: PlacedRow = {
      stage: row.stage,
      top,
      bottom: top + height,
      main: { ...main, top, height },
      leaving: [],
    }
    let leavingTop = top + Math.max(0, (height - leavingHeight) / 2)
    for (const box of leaving) {
      result.leaving.push({ ...box, top: leavingTop })
      leavingTop += box.height + boxGap
    }
    top += height + rowGap
    return result
  })
}

function sized(box: FlowBox, left: number, width: number): PlacedBox {
  const heading = wrapped(`${box.heading} (n\u00a0=\u00a0${box.count})`, width - 2 * padding, headingSize)
  const details = box.details.flatMap(({ text, count }) =>
    wrapped(`${text} (n\u00a0=\u00a0${count})`, width - 2 * padding, detailSize),
  )
  const height = (heading.length + details.length) * lineHeight + 2 * padding
  return { left, top: 0, width, height, heading, details }
}

function drawnRow(row: PlacedRow): SafeHtml {
  return html`<g>${drawnBox(row.main)}${row.leaving.map((box) => html`${drawnBox(box)}${arrowRight(row, box)}`)}</g>
`
}

function drawnBox(box: PlacedBox): SafeHtml {
  const lines = [...box.heading, ...box.details]
  const textTop = box.top + (box.height - lines.length * lineHeight) / 2
  return html`<rect class="prisma-box" x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" rx="3" fill="#ffffff" stroke="#8a8478"/>${lines.map(
    (line, position) =>
      html`<text class="prisma-text" x="${box.left + padding}" y="${textTop + position * lineHeight + 12.5}" font-size="${position < box.heading.length ? headingSize : detailSize}" ${position < box.heading.length ? html`font-weight="600"` : undefined} fill="#22201c">${line}</text>`,
  )}`
}

function stages(rows: readonly PlacedRow[]): SafeHtml[] {
  const names: FlowRow['stage'][] = ['Identification', 'Screening', 'Included']
  return names.map((name) => {
    const own = rows.filter((row) => row.stage === name)
    const top = own[0]!.top
    const height = own.at(-1)!.bottom - top
    const [x, y] = [1 + stageWidth / 2, top + height / 2]
    const size = Math.min(12, ((height - 6) / name.length) * 1.95)
    return html`<rect class="prisma-stage" x="1" y="${top}" width="${stageWidth}" height="${height}" rx="3" fill="#efe6d3" stroke="#8a8478"/><text class="prisma-stage-text" x="${x}" y="${y}" transform="rotate(-90 ${x} ${y})" text-anchor="middle" dominant-baseline="central" font-size="${round(size)}" fill="#22201c">${name}</text>
`
  })
}

function arrowRight(row: PlacedRow, box: PlacedBox): SafeHtml {
  const y = round(
    Math.min(Math.max(box.top + box.height / 2, row.main.top + 8), row.main.top + row.main.height - 8),
  )
  return arrow(mainLeft + mainWidth, y, leavingLeft, y)
}

function arrowDown(from: PlacedRow, to: PlacedRow): SafeHtml {
  const x = mainLeft + mainWidth / 2
  return arrow(x, from.main.top + from.main.height, x, to.main.top)
}

/** A line with a solid head; drawn without markers, which would need identifiers. */
function arrow(x1: number, y1: number, x2: number, y2: number): SafeHtml {
  const head = y1 === y2 ? `M${x2} ${y2}l-8 -4v8z` : `M${x2} ${y2}l-4 -8h8z`
  return html`<path class="prisma-arrow" d="M${x1} ${y1}L${x2} ${y2}" stroke="#8a8478" fill="none"/><path class="prisma-head" d="${head}" fill="#8a8478"/>
`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** A point of a series. */
export interface Point {
  readonly series: string
  readonly x: number
  readonly y: number
}

/** A bar of a chart. */
export interface Bar {
  readonly name: string
  readonly value: number
}

const width = 640
const height = 320
const edge = { left: 56, right: 20, top: 36, bottom: 44 }

function opening(title: string, tall: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" role="img" aria-label="${title}" font-family="sans-serif" font-size="12" fill="#777">`
}

function text(left: number, top: number, words: string, anchor = 'middle'): string {
  return `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" text-anchor="${anchor}">${words}</text>`
}

/** A line over points, as SVG that reads on light and dark grounds. */
export function lineChart(
  points: readonly Point[],
  { title, x, y }: { title: string; x: string; y: string },
): string {
  const most = {
    x: Math.max(...points.map((point) => point.x)),
    y: Math.max(...points.map((point) => point.y)) * 1.1,
  }
  const at = (point: Point) => ({
    x: edge.left + (point.x / most.x) * (width - edge.left - edge.right),
    y: height - edge.bottom - (point.y / most.y) * (height - edge.top - edge.bottom),
  })
  const marks = points.map((point) => {
    const { x: left, y: top } = at(point)
    return `<circle cx="${left.toFixed(1)}" cy="${top.toFixed(1)}" r="4"/>${text(left, top - 9, point.y.toFixed(1))}${text(left, height - edge.bottom + 16, `${point.x}`)}`
  })
  const line = points.map((point) => `${at(point).x.toFixed(1)},${at(point).y.toFixed(1)}`).join(' ')
  return `${opening(title, height)}
<g stroke="#999" fill="none"><path d="M${edge.left} ${edge.top}V${height - edge.bottom}H${width - edge.right}"/><polyline points="${line}" stroke="#2a7" stroke-width="2"/></g>
<g fill="#2a7">${marks.join('')}</g>
${text(width / 2, 18, title)}${text(width / 2, height - 8, x)}${text(8, edge.top - 10, y, 'start')}
</svg>
`
}

/** Bars from the left, the first on top, each with its value, as SVG that reads on light and dark grounds. */
export function barChart(bars: readonly Bar[], { title, unit }: { title: string; unit: string }): string {
  const names = 90
  const most = Math.max(...bars.map(({ value }) => value))
  const drawn = bars.map(({ name, value }, index) => {
    const top = edge.top + index * 24
    const long = (value / most) * (width - names - 80)
    return `<rect x="${names}" y="${top}" width="${long.toFixed(1)}" height="16" fill="#2a7"/>${text(names - 8, top + 12, name, 'end')}${text(names + long + 6, top + 12, `${value.toFixed(1)} ${unit}`, 'start')}`
  })
  const tall = edge.top + bars.length * 24 + 8
  return `${opening(title, tall)}
${text(width / 2, 18, title)}
${drawn.join('\n')}
</svg>
`
}

import { createLogUpdate } from 'log-update'
import type pc from 'picocolors'
import { type Phase, phases } from '../../contract/events.ts'
import { itemFailure, waitingInWords } from './event-lines.ts'
import type { Progress } from './progress.ts'
import { countsInWords, duration, phaseNames } from './words.ts'

type Colors = ReturnType<typeof pc.createColors>

interface PhaseState {
  startedAt: number
  finishedAt?: number
  done: number
  total?: number
  counts?: Readonly<Record<string, number>>
  /** What it waits for, while it does. */
  waiting?: string | undefined
}

/** A picture of all phases, redrawn in place on a terminal; failures scroll by above it. Times are the events' own. */
export function livePicture(stream: NodeJS.WriteStream, colors: Colors): Progress {
  const draw = createLogUpdate(stream)
  const states = new Map<Phase, PhaseState>()

  const redraw = () =>
    draw([...phases].flatMap((phase) => phaseLine(phase, states.get(phase), colors)).join('\n'))

  return {
    show({ at, body }) {
      const time = Date.parse(at)
      switch (body.type) {
        case 'phase.started':
          // How much there is to do may have been said before the first of it began.
          states.set(body.phase, { ...states.get(body.phase), startedAt: time, done: 0 })
          break
        case 'phase.progress': {
          const state = states.get(body.phase) ?? { startedAt: time, done: 0 }
          states.set(body.phase, {
            ...state,
            done: body.done,
            waiting: undefined,
            ...(body.total === undefined ? {} : { total: body.total }),
          })
          break
        }
        case 'phase.finished': {
          const state = states.get(body.phase) ?? { startedAt: time, done: 0 }
          states.set(body.phase, { ...state, finishedAt: time, counts: body.counts })
          break
        }
        case 'item.waiting':
          states.set(body.phase, {
            ...(states.get(body.phase) ?? { startedAt: time, done: 0 }),
            waiting: waitingInWords(body),
          })
          break
        case 'item.failed':
          draw.clear()
          stream.write(`${colors.yellow('!')} ${phaseNames[body.phase]}: ${itemFailure(body)}\n`)
          break
        default:
          return
      }
      redraw()
    },
    end: () => draw.done(),
  }
}

function phaseLine(phase: Phase, state: PhaseState | undefined, colors: Colors): string[] {
  if (!state) return []
  const name = phaseNames[phase].padEnd(18)
  if (state.finishedAt === undefined) {
    const count = state.total === undefined ? `${state.done || ''}` : `${state.done} of ${state.total}`
    const waiting = state.waiting === undefined ? [] : [colors.dim(`    ${state.waiting}`)]
    return [`${colors.cyan('●')} ${name} ${count}`, ...waiting]
  }
  const time = colors.dim(duration(state.finishedAt - state.startedAt))
  return [`${colors.green('✓')} ${name} ${countsInWords(state.counts ?? {})}  ${time}`]
}

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publish } from '../../src/publish/publish.ts'
import { samplePageSource, sampleProvenance, sampleReport } from '../support/report.ts'

const chromiumPath = process.env.SHEAF_CHROMIUM ?? '/usr/bin/chromium'
const required = process.env.SHEAF_REQUIRE_SERVICES === '1'
const describeBrowser = existsSync(chromiumPath) || required ? describe : describe.skip

describeBrowser(`report.html in a browser (needs ${chromiumPath})`, () => {
  let browser: Browser
  let folder: string
  let address: string

  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'sheaf-browser-')), 'review')
    await publish(sampleReport(), folder, { ...samplePageSource(), provenance: sampleProvenance() })
    address = pathToFileURL(join(folder, 'report.html')).href
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await rm(join(folder, '..'), { recursive: true, force: true })
  })

  /** Opens the page and fails on any console message, error, request or refusal while `use` works with it. */
  async function opened(options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext(options)
    const complaints: string[] = []
    context.on('console', (message) => complaints.push(`console: ${message.text()}`))
    context.on('weberror', (error) => complaints.push(`error: ${error.error().message}`))
    context.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    context.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:')) complaints.push(request.url())
    })
    const page = await context.newPage()
    await page.goto(address)
    await use(page)
    await context.close()
    expect(complaints).toEqual([])
  }

  const desktop = { viewport: { width: 1440, height: 900 } }
  const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
  const focused = (page: Page) => page.evaluate('document.activeElement.getAttribute("data-citation")')
  const sidewaysScroll = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

  /** Rules broken, with the first place of each; the whole of WCAG 2.2 AA and axe's best practices. */
  async function violations(page: Page): Promise<string[]> {
    // The page's own policy forbids foreign scripts; the checker comes in through the debugger, as an extension would.
    const session = await page.context().newCDPSession(page)
    await session.send('Runtime.evaluate', { expression: axe.source })
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
      awaitPromise: true,
      returnByValue: true,
    })
    return result.value
  }

  test('breaks no accessibility rule, wide or narrow, light or dark, with the panel or without', async () => {
    await opened({ ...desktop, reducedMotion: 'reduce' }, async (page) => {
      expect(await violations(page)).toEqual([])
      await page.locator('#synthesis a.cite').first().click()
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await violations(page)).toEqual([])
    })
    await opened({ ...phone, colorScheme: 'dark', reducedMotion: 'reduce' }, async (page) => {
      await page.locator('#synthesis a.cite').first().click()
      expect(await violations(page)).toEqual([])
    })
  })

  test('can be read with the keyboard alone', async () => {
    await opened(desktop, async (page) => {
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the text')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('1')
      await page.keyboard.press('ArrowRight')
      expect(await focused(page)).toBe('2')
      await page.keyboard.press('Enter')
      const panel = page.locator('#panel')
      expect(await panel.isVisible()).toBe(true)
      expect(await panel.locator('h2').textContent()).toBe('Citation 2 of 10')
      expect(await panel.locator('blockquote').textContent()).toContain('Harmonic regression reached')
      expect(await panel.locator('.source').textContent()).toContain('Hollis 2021, pages 3–4')
      expect(await page.evaluate('document.activeElement.id')).toBe('panel-heading')
      await page.keyboard.press('ArrowRight')
      expect(await panel.locator('h2').textContent()).toBe('Citation 3 of 10')
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowLeft')
      expect(await panel.locator('h2').textContent()).toBe('Citation 1 of 10')
      await page.keyboard.press('Escape')
      expect(await panel.isVisible()).toBe(false)
      // The browser tells of the closing in a task of its own, after which the focus is set.
      await expect.poll(() => focused(page)).toBe('1')
    })
  })

  test('a panel on a phone holds the focus until Escape gives it back', async () => {
    await opened(phone, async (page) => {
      await page.locator('#synthesis a.cite').first().focus()
      await page.keyboard.press('Enter')
      for (let step = 0; step < 12; step++) {
        await page.keyboard.press('Tab')
        const inside =
          'document.activeElement === document.body || !!document.activeElement.closest("#panel")'
        expect(await page.evaluate(inside)).toBe(true)
      }
      await page.keyboard.press('Escape')
      expect(await page.locator('#panel').isVisible()).toBe(false)
      expect(await page.evaluate('document.activeElement.closest("#synthesis") !== null')).toBe(true)
    })
  })

  test('marks the quotation on the picture of its page', async () => {
    await opened(desktop, async (page) => {
      await page.locator('#summary a.cite').first().click()
      const figure = page.locator('#panel .whole svg').first()
      expect(await figure.getAttribute('aria-label')).toContain('Page 3 of Marsh et al. 2019')
      expect(await figure.locator('.mark').count()).toBeGreaterThan(0)
      const box = (await figure.boundingBox())!
      const mark = (await figure.locator('.mark').first().boundingBox())!
      expect(mark.x).toBeGreaterThan(box.x)
      expect(mark.x + mark.width).toBeLessThan(box.x + box.width)
      expect(mark.y + mark.height).toBeLessThan(box.y + box.height)
      const picture = await page.evaluate(
        'new Promise((resolve) => { const i = new Image(); i.onload = () => resolve(i.naturalWidth); i.src = document.querySelector("image#page-1").href.baseVal })',
      )
      expect(picture).toBe(918)
    })
  })

  test('embeds each cited page once', async () => {
    const text = await readFile(join(folder, 'report.html'), 'utf8')
    const pages = [...text.matchAll(/data-page="([^"]+)"/g)].map(([, page]) => page)
    expect(pages.length).toBe(new Set(pages).size)
    expect(text.match(/base64,/g)).toHaveLength(pages.length)
  })

  test('never scrolls sideways, from 320 to 1920 pixels', async () => {
    await opened(desktop, async (page) => {
      for (const width of [320, 360, 768, 1056, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 })
        expect(await sidewaysScroll(page)).toBe(0)
      }
      await page.locator('#synthesis a.cite').first().click()
      for (const width of [1920, 1280, 1056, 360]) {
        await page.setViewportSize({ width, height: 800 })
        expect(await sidewaysScroll(page)).toBe(0)
      }
    })
  })

  test('filters papers by tier, theme and words', async () => {
    await opened(desktop, async (page) => {
      const visible = () => page.locator('.paper:visible').count()
      expect(await visible()).toBe(11)
      await page.selectOption('select[name=tier]', 'core')
      expect(await visible()).toBe(8)
      await page.selectOption('select[name=theme]', '2')
      expect(await visible()).toBe(2)
      await page.fill('input[name=words]', 'recurrent ferreira')
      expect(await visible()).toBe(1)
      expect(await page.locator('#papers-shown').textContent()).toBe('1 of 11 papers')
      await page.locator('#comparison th a').first().click()
      // The page hears of the new address after the click.
      await page.locator('#paper-1').waitFor({ state: 'visible' })
    })
  })

  test('is readable without its script: citations lead to the evidence, which shows the same', async () => {
    await opened({ ...desktop, javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('#filter').isVisible()).toBe(false)
      await page.locator('#summary a.cite').first().click()
      expect(page.url()).toMatch(/#evidence-1$/)
      const item = page.locator('#evidence-1')
      expect(await item.locator('blockquote').textContent()).toContain('Two-point calibration lowered')
      expect(await item.locator('.excerpt .mark').first().isVisible()).toBe(true)
      await item.locator('summary').click()
      expect(await item.locator('.whole svg').isVisible()).toBe(true)
    })
  })

  test('is dark where the reader wants it dark, with pages left light', async () => {
    await opened({ ...desktop, colorScheme: 'dark' }, async (page) => {
      const background = (selector: string) =>
        page.evaluate(`getComputedStyle(document.querySelector('${selector}')).backgroundColor`)
      expect(await background('body')).toBe('rgb(24, 22, 19)')
      expect(await background('.page-picture')).toBe('rgb(255, 255, 255)')
    })
  })

  test('runs nothing that a paper brought along', async () => {
    await opened(desktop, async (page) => {
      expect(await page.locator('script').count()).toBe(1)
      expect(await page.locator('img, iframe, object, embed, link, base').count()).toBe(0)
      const links = await page
        .locator('a[href]')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href')))
      expect(links.filter((href) => !/^(#[a-z0-9-]+$|https:\/\/)/.test(href ?? ''))).toEqual([])
      const inline =
        '[...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => /^on|^style$/.test(a.name))).length'
      expect(await page.evaluate(inline)).toBe(0)
      expect(await page.locator('#papers').textContent()).toContain('<script>alert(1)</script>')
    })
  })

  test('every link inside the page arrives', async () => {
    await opened(desktop, async (page) => {
      const dangling = `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href')).filter((h) => !document.querySelector(h))`
      expect(await page.evaluate(dangling)).toEqual([])
      const twice = `[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, at, all) => all.indexOf(id) !== at)`
      expect(await page.evaluate(twice)).toEqual([])
      const headings = await page
        .locator('h1, h2, h3')
        .evaluateAll((all) => all.map((one) => Number(one.tagName[1])))
      headings.forEach((level, position) => {
        expect(level - (headings[position - 1] ?? 0)).toBeLessThanOrEqual(1)
      })
    })
  })

  test('the flow diagram’s words stay inside their boxes', async () => {
    await opened(desktop, async (page) => {
      const outside = `[...document.querySelectorAll('.prisma text.prisma-text')].filter((text) => {
        const t = text.getBoundingClientRect()
        return ![...document.querySelectorAll('.prisma rect.prisma-box')].some((rect) => {
          const r = rect.getBoundingClientRect()
          return t.left >= r.left && t.right <= r.right && t.top >= r.top - 1 && t.bottom <= r.bottom + 1
        })
      }).map((text) => text.textContent)`
      expect(await page.evaluate(outside)).toEqual([])
    })
  })

  test('prints with page numbers, the evidence as an appendix, on white', async () => {
    await opened({ ...desktop, colorScheme: 'dark' }, async (page) => {
      await page.locator('#summary a.cite').first().click()
      const pdf = join(folder, '..', 'print.pdf')
      await page.pdf({ path: pdf, preferCSSPageSize: true, format: 'A4' })
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('#panel').isVisible()).toBe(false)
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        'rgb(255, 255, 255)',
      )
      expect(await page.locator('.study dl').first().isVisible()).toBe(true)
      if (!existsSync('/usr/bin/pdftotext')) return
      const { stdout } = await promisify(execFile)('/usr/bin/pdftotext', ['-layout', pdf, '-'])
      const pages = stdout.split('\f').filter((text) => text.trim() !== '')
      pages.forEach((text, position) => {
        expect(text.trim().endsWith(String(position + 1))).toBe(true)
      })
      const evidence = pages.findIndex((text) => /^\s*Evidence\b/.test(text))
      expect(evidence).toBeGreaterThan(0)
      expect(pages[evidence]).toContain('Two-point calibration lowered the mean absolute error')
    })
  })
})

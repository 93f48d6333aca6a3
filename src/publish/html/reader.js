// @ts-check
// The reading edition's script: opens citations beside the text, walks through them, filters papers. Without it every
// citation is a link to the evidence list, which shows the same.
;(() => {
  const panel = /** @type {HTMLDialogElement} */ (document.getElementById('panel'))
  const heading = /** @type {HTMLElement} */ (document.getElementById('panel-heading'))
  const body = /** @type {HTMLElement} */ (document.getElementById('panel-body'))
  const count = Number(panel.dataset.count)
  /** @type {HTMLElement | null} */
  let origin = null
  let current = 0

  /** @param {number} number */
  const linksTo = (number) =>
    /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll(`main a.cite[data-citation="${number}"]`)
    )

  /** @param {number} number */
  function show(number) {
    const item = document.getElementById(`evidence-${number}`)
    if (!item) return
    for (const link of linksTo(current)) link.removeAttribute('aria-current')
    current = number
    for (const link of linksTo(number)) link.setAttribute('aria-current', 'true')
    heading.textContent = `Citation ${number} of ${count}`
    body.replaceChildren(...[...item.childNodes].map((node) => node.cloneNode(true)))
    for (const details of body.querySelectorAll('details')) details.open = true
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (
      panel.querySelectorAll('[data-step]')
    )) {
      const next = number + Number(button.dataset.step)
      button.disabled = next < 1 || next > count
    }
    if (!panel.open) {
      document.body.classList.add('reading')
      if (matchMedia('(min-width: 66rem)').matches) panel.show()
      else panel.showModal()
    }
    body.scrollTop = 0
    heading.focus({ preventScroll: true })
  }

  /** @param {number} step */
  function walk(step) {
    const number = current + step
    if (number < 1 || number > count) return
    const first = linksTo(number)[0]
    if (first) origin = first
    show(number)
    origin?.scrollIntoView({ block: 'nearest' })
  }

  function closed() {
    document.body.classList.remove('reading')
    for (const link of linksTo(current)) link.removeAttribute('aria-current')
    current = 0
    if (origin) {
      origin.focus({ preventScroll: true })
      origin.scrollIntoView({ block: 'nearest' })
    }
  }

  /** @param {HTMLElement} from @param {number} step */
  function focusCitation(from, step) {
    const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('main a.cite')])
    const reachable = links.filter((link) => link === from || link.checkVisibility())
    reachable[reachable.indexOf(from) + step]?.focus()
  }

  document.addEventListener('click', (event) => {
    const target = /** @type {Element} */ (event.target)
    const cite = /** @type {HTMLElement | null} */ (target.closest('a.cite'))
    if (cite && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      origin = cite
      show(Number(cite.dataset.citation))
      return
    }
    const button = /** @type {HTMLElement | null} */ (target.closest('#panel button'))
    if (button && 'close' in button.dataset) panel.close()
    else if (button) walk(Number(button.dataset.step))
    else if (target === panel) panel.close()
    else if (panel.open && target.closest('#panel a')) {
      origin = null
      panel.close()
    }
  })

  panel.addEventListener('close', closed)

  document.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target)
    const typing = target.closest('input, select, textarea')
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (event.key === 'Escape' && panel.open) {
      event.preventDefault()
      panel.close()
    } else if (step !== 0 && panel.open && !target.closest('.scroller')) {
      event.preventDefault()
      walk(step)
    } else if (step !== 0 && target.matches('a.cite')) {
      event.preventDefault()
      focusCitation(target, step)
    }
  })

  const filter = /** @type {HTMLFormElement} */ (document.getElementById('filter'))
  const shown = /** @type {HTMLElement} */ (document.getElementById('papers-shown'))
  const papers = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.paper')])
  filter.hidden = false
  filter.addEventListener('submit', (event) => event.preventDefault())
  filter.addEventListener('input', () => {
    const wanted = new FormData(filter)
    const tier = String(wanted.get('tier'))
    const theme = String(wanted.get('theme'))
    const words = String(wanted.get('words')).toLowerCase().split(/\s+/).filter(Boolean)
    let visible = 0
    for (const paper of papers) {
      const text = (paper.textContent ?? '').toLowerCase()
      const fits =
        (tier === '' || paper.dataset.tier === tier) &&
        (theme === '' || (paper.dataset.themes ?? '').split(' ').includes(theme)) &&
        words.every((word) => text.includes(word))
      paper.hidden = !fits
      if (fits) visible += 1
    }
    shown.textContent = `${visible} of ${papers.length} papers`
  })

  // A link to a paper that the filter hides must still arrive.
  window.addEventListener('hashchange', () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (target?.hidden) {
      filter.reset()
      filter.dispatchEvent(new Event('input'))
      target.scrollIntoView()
    }
  })

  const entries = new Map(
    [...document.querySelectorAll('.contents a')].map((link) => [
      link.getAttribute('href')?.slice(1) ?? '',
      link,
    ]),
  )
  const seen = new IntersectionObserver(
    (changes) => {
      for (const change of changes) {
        if (!change.isIntersecting) continue
        for (const link of entries.values()) link.removeAttribute('aria-current')
        entries.get(change.target.id)?.setAttribute('aria-current', 'true')
      }
    },
    { rootMargin: '-15% 0px -80% 0px' },
  )
  for (const id of entries.keys()) {
    const section = document.getElementById(id)
    if (section) seen.observe(section)
  }
})()

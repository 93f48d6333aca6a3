import type { FoundName } from './dataset-names.ts'

/** Names that mean a measure wherever they stand, and the name that the variants share. */
const plain: readonly (readonly [string, string])[] = [
  ['f1', `f[-‐ ]?1(?:[- ](?:scores?|measures?))?|f[- ](?:scores?|measures?)`],
  ['rmse', `root[- ]mean[- ]squared?(?:[- ](?:error|deviation|prediction error))s?|rmsep?|rmsd`],
  ['mae', `mean absolute (?:error|deviation|percentage error)s?|mape`],
  ['mse', `mean[- ]squared? (?:error|prediction error)s?`],
  [
    'auc',
    `area under (?:the )?(?:roc |receiver operating characteristic |precision-recall )?curve|auc(?:-?roc)?|auroc|roc[- ]auc`,
  ],
  ['roc', `receiver operating characteristics?(?: curves?)?|roc curves?`],
  ['aic', `akaike(?:['’]s)? information criteri(?:on|a)|aic`],
  ['bic', `bayesian information criteri(?:on|a)|bic`],
  ['r2', `r[- ]squared|coefficient of determination|r²`],
  ['log-likelihood', `log[- ]likelihoods?`],
  ['perplexity', 'perplexit(?:y|ies)'],
  ['word error rate', 'word error rates?'],
  [
    'error rate',
    String.raw`(?:(?:classification|test|training|misclassification|character|top-\d|false positive|false discovery|type i) )error rates?|false (?:positive|discovery|negative) rates?|misclassification rates?`,
  ],
  [
    'accuracy',
    String.raw`(?:classification|test|validation|prediction|predictive|top-\d|parsing|labell?ed|mean|average) accurac(?:y|ies)`,
  ],
  ['average precision', 'mean average precision|average precision'],
  ['reciprocal rank', 'mean reciprocal rank'],
  ['ndcg', 'normali[sz]ed discounted cumulative gain|n?dcg(?:@\\d+)?'],
  ['attachment score', '(?:un)?labell?ed attachment scores?'],
  ['kappa', `cohen['’]s kappa|kappa (?:statistic|coefficient)s?|fleiss['’]? kappa`],
  ['psnr', 'peak signal[- ]to[- ]noise ratios?'],
  ['snr', 'signal[- ]to[- ]noise ratios?'],
  ['ssim', 'structural similarity(?: index)?'],
  ['fid', 'fr[eé]chet inception distance'],
  ['iou', 'intersection over union|jaccard (?:index|coefficient|similarity)'],
  ['dice', 'dice (?:coefficient|score|similarity)'],
  [
    'correlation',
    `(?:pearson|spearman)(?:['’]s)? (?:rank )?(?:correlation(?: coefficient)?|rho)|intraclass correlation(?: coefficient)?|kendall['’]s tau`,
  ],
  ['odds ratio', 'odds ratios?'],
  ['hazard ratio', 'hazard ratios?'],
  ['relative risk', 'relative risks?|risk ratios?'],
  ['effect size', `effect sizes?|cohen['’]s d|standardi[sz]ed mean differences?`],
  ['p-value', `p[- ‐]values?`],
  ['standard error', '(?:robust |clustered |sandwich )?standard errors?'],
  ['survival', '(?:overall|progression-free|disease-free|five-year|5-year) survival(?: rate)?'],
  ['mortality', '(?:all-cause |hospital |in-hospital |30-day )mortality(?: rate)?|mortality rates?'],
  [
    'running time',
    '(?:running|execution|computation|computing|cpu|training|response|query|elapsed) times?|runtimes?',
  ],
  ['throughput', 'throughput'],
  ['latency', 'latenc(?:y|ies)'],
  ['speedup', 'speed-?ups?'],
  ['memory', 'memory (?:usage|consumption|footprint)'],
  ['approximation ratio', 'approximation (?:ratio|factor|guarantee)s?|competitive ratios?'],
  ['cumulative reward', '(?:cumulative|average|mean|discounted|total) (?:reward|return|regret)s?'],
  ['information', 'mutual information|transfer entropy|cross[- ]entropy'],
  ['rand', 'adjusted rand (?:index|score)'],
  ['modularity', 'modularity'],
  ['learning gain', '(?:normali[sz]ed )?learning gains?|(?:pre|post)-?test scores?|(?:exam|test) scores'],
  ['yield', 'grain yields?|biomass yields?'],
]
const patterns = plain.map(([key, words]) => ({
  key,
  pattern: new RegExp(String.raw`(?<![\p{L}\p{N}-])(?:${words})(?![\p{L}\p{N}])`, 'giu'),
}))

/** Acronyms, which mean a measure only in capitals. */
const acronyms: readonly (readonly [string, RegExp])[] = [
  ['bleu', /\bBLEU(?:-\d)?(?: scores?)?\b/g],
  ['rouge', /\bROUGE(?:-(?:\d|L|N))?\b/g],
  ['meteor', /\bMETEOR\b/g],
  ['word error rate', /\bWER\b/g],
  ['mse', /\bMSE\b/g],
  ['mae', /\bMAE\b/g],
  ['psnr', /\bPSNR\b/g],
  ['ssim', /\bSSIM\b/g],
  ['fid', /\bFID\b/g],
  ['average precision', /\bmAP\b/g],
  ['reciprocal rank', /\bMRR\b/g],
  ['iou', /\bm?IoU\b/g],
  ['attachment score', /\b[UL]AS\b/g],
  ['flops', /\bFLOPs?\b/g],
]

/** Words that are a measure only where something is measured. */
const ambiguous =
  /(?<![\p{L}\p{N}-])(?:accurac(?:y|ies)|precision|recall|sensitivity|specificity|error rates?|test error|scalability|satisfaction)(?![\p{L}\p{N}-])/giu
const measuring =
  /\b(?:measur\w*|metrics?|evaluat\w*|scores?|scored|achiev\w*|reach\w*|rates?|in terms of|improv\w*|attain\w*|obtain\w*|outperform\w*|compar\w*|higher|highest|lower|lowest|report(?:ed|s)?|increas\w*|decreas\w*|reduc\w*|and recall|precision and)\b|\d\s?%|\d\.\d/i

/** Names of metrics in a sentence, each as it stands there. */
export function metricsIn(sentence: string): FoundName[] {
  const read = sentence.slice(0, 1_000)
  const found = new Map<string, FoundName>()
  const add = (key: string, text: string) => {
    if (!found.has(key)) found.set(key, { text, key })
  }
  for (const { key, pattern } of patterns) for (const [text] of read.matchAll(pattern)) add(key, text)
  for (const [key, pattern] of acronyms) for (const [text] of read.matchAll(pattern)) add(key, text)
  if (measuring.test(read)) {
    for (const [text] of read.matchAll(ambiguous))
      add(text.toLowerCase().replace(/ies$/, 'y').replace(/s$/, ''), text)
  }
  return [...found.values()]
}

/** Whether the sentence says that something was measured, not only names a measure. */
export function measures(sentence: string): boolean {
  return measuring.test(sentence)
}

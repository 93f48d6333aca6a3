/**
 * Words that authors of different fields use for one thing. Each line is a group; a concept that is one of them gets
 * the others. Only such as may replace each other in nearly every title are here.
 */
const groups: readonly (readonly string[])[] = `
machine learning, statistical learning, deep learning, neural network, reinforcement learning
neural network, deep learning, deep neural network
natural language processing, NLP, computational linguistics
large language model, LLM, language model
information retrieval, document retrieval, search engine
recommender system, recommendation system, collaborative filtering
time series, longitudinal data, temporal data
structural change, structural break, change point, changepoint, breakpoint, parameter instability
overdispersed data, overdispersion, overdispersed, extra variation, negative binomial, zero-inflated, quasi-Poisson
clustered data, cluster-correlated, grouped data, mixed-effects, random effects, hierarchical model, multilevel, panel data, clustered covariances, clustered standard errors
mixed model, mixed-effects model, random effects, multilevel model, hierarchical model
regression model, regression, generalized linear model, count data model
linear model, linear regression, linear regression model, regression relationship
hypothesis test, significance test, statistical test
randomized controlled trial, randomised controlled trial, RCT, randomized trial, clinical trial
systematic review, meta-analysis, literature review
reproduce, reproduction, replicate, replication, reproducibility, replicability, reimplementation
teach, teaching, course, curriculum, education, educational, instruction, students, learners, pedagogy, tutorial, lesson, workshop
scientific computing, computational science, scientific programming, scientific software, numerical computing, simulation, computing
open source, open-source, open educational, open access, openly licensed
open module, open educational resource, module, lesson, course, notebook, learning material, teaching material, tutorial
researcher, scientist, graduate student, academic
student, learner, pupil, undergraduate
evaluate, evaluation, assess, assessment
parse, parser, parsing, parse tree, semantic parsing, dependency parsing
statistically, statistical, probabilistic, stochastic
test, tested, testing, hypothesis test, significance test
syntax, syntactic, grammar
semantics, semantic, meaning, meaning representation
sentence, utterance
disk, disk array, RAID, storage device, secondary storage
parallel disks, multiple disks, disk arrays, striping, declustering
data placement, data layout, declustering, data allocation, striping
parallel computing, parallel processing, distributed computing, high-performance computing
software testing, regression testing, test suite, test case
test case prioritization, test prioritization, test suite prioritization
nudge, nudging, choice architecture, behavioural intervention
physician, clinician, doctor, healthcare professional, health care provider
children, child, paediatric, pediatric, adolescents
older adults, elderly, aged, older people
cancer, neoplasm, tumour, tumor, carcinoma
heart attack, myocardial infarction
hypertension, high blood pressure
stroke, cerebrovascular accident
diabetes, diabetes mellitus, diabetic
obesity, obese, overweight
depression, depressive, depressive disorder
animal model, rodent model, mouse model, rat, mice
adverse effects, adverse events, side effects, safety, harms
mortality, death, survival
COVID-19, SARS-CoV-2, coronavirus
climate change, global warming
quality of life, well-being, wellbeing
social media, social network, Twitter, Facebook
course, curriculum, lesson, workshop, summer school, tutorial
e-learning, online learning, distance education
gender, sex differences, women
`
  .trim()
  .split('\n')
  .map((line) => line.split(',').map((term) => term.trim()))

/** Other words for a term, in the order of the list; none where the list does not know it. `keyOf` makes terms comparable. */
export function synonymsOf(term: string, keyOf: (term: string) => string): string[] {
  const key = keyOf(term)
  const found = groups.filter(
    (group) =>
      keyOf(group[0]!) === key || group.some((other) => keyOf(other) === key && group.indexOf(other) < 3),
  )
  const seen = new Set([key])
  return found.flat().filter((other) => {
    const otherKey = keyOf(other)
    if (seen.has(otherKey)) return false
    seen.add(otherKey)
    return true
  })
}

import { stem } from '../text/stems.ts'

/**
 * Words of scholarly prose that say nothing of a paper's subject: what papers are made of, what their authors do, how
 * they praise, count and compare, headings of structured abstracts, and units.
 */
const genericWords = `
  abstract account achieve achieved address addressed adequate advance advanced advantage affect aim aims allow allows allowing analyse
  analysed analyses analysing analysis analyze analyzed analyzing application applications applied apply applying
  approach approaches appropriate approximately article articles aspect aspects assess assessed assessing assessment
  associated association attempt author authors available average background base based basic basis benefit benefits
  best better broad calculate calculated carry case cases certain change changes characteristic characteristics choice choose
  clear clearly combination combine combined come common commonly comparable compare compared comparing comparison complete complex component components compute computed
  concept conclude concluded conclusion conclusions condition conditions conduct conducted confirm confirmed consider considerable
  considered consist consistent contain contains context contrast contribute contribution contributions corresponding cover covers
  create created current currently data day days decrease decreased define defined degree demonstrate demonstrated demonstrates depend dependent derive derived describe
  described describes describing description design designed detail detailed details detect determine determined develop developed
  developing development deviation difference differences different difficult direct directly discuss discussed discusses discussion
  document due early easily easy effect effective effectively effectiveness effects efficacy efficient element elements employ employed enable enables end enhance ensure especially
  essential establish established estimate estimated evaluate evaluated evaluating evaluation evidence examine examined
  examining example examples excellent exist existing expect expected experience experiment experimental experiments explain explore explored
  extend extended extension extensive fact factor factors feature features field final finally find finding findings finds first five
  fixed focus focuses focused follow followed following follows form forms found four framework fully function functions fundamental further future
  general generally generate generated give given gives good great greater group groups help helps high higher highly
  hour hours however hypothesis idea identified identify identifying illustrate illustrated illustrates illustration impact implement implementation implementations
  implemented implication implications importance important improve improved improvement improving include included includes including increase
  increased increases increasing indicate indicated indicates indication individual individually influence information initial input insight insights instead integrate integrated interest interesting
  introduce introduced introduces introducing introduction investigate investigated investigates investigating investigation involve involved
  issue issues journal key kind know knowledge known known lack large larger largest last later lead leading leads learn less let level levels like likely
  limit limitation limitations limited line literature little long low lower main mainly major make makes making manner manuscript material materials mean means
  measure measured measurement measurements measures median method methodology methods minimal minute minutes mode model modelled modelling modeling models moderate modern modest
  month months multiple natural nature necessary need needed needs new next normal note novel number numbers numerous object objective
  objectives observation observations observe observed obtain obtained occur occurred occurs offer offers one open option options order original outcome outcomes output overall overview
  paper papers parameter parameters part participant participants particular particularly parts patient patients people percent percentage perform performance performed period perspective phase place play point points population
  possible possibly potential potentially power practical practice practices predict predicted present presence presented presenting presents
  previous previously primary principle principles prior probably problem problems procedure procedures process processes produce produced product
  promising proper properties property proportion propose proposed proposes provide provided provides providing publication published purpose purposes put quality
  quantity question questions range ranging rate rates rather reader readers real reason recent recently recommendation recommendations reduce reduced reducing reduction refer
  reflect regard regarding related relation relationship relationships relative relatively relevance relevant remain remains report reported reports
  represent representative represented require required requirement requirements requires research researcher researchers respectively response result resulting results
  reveal revealed reveals review reviewed reviews role run same sample samples scale scheme science scientific score scores second section see seen seek select
  selected selection separate set sets series setting settings shape short show showed showing shown shows significance significant significantly
  similar similarly simple simply single situation size small smaller software solution solutions solve source sources special specific specifically specified
  standard state statistically step steps strategy strategies strength strengths strong strongly studied studies study studying subject subjects
  subsequent substantial success successful successfully suggest suggested suggesting suggests suitable summarize summary support supported supports survey system systematic systems table
  take taken takes task tasks technique techniques term terms test tested testing theory thing third three time times tool tools topic total traditional treat treated treatment treatments type
  types typical typically underlying understand understanding unique unit units upper use used useful user users uses using usual usually utility utilize utilized utilizing
  valid validate validated validation validity value values variable variables variant variation variety various vary version versus view way ways weak week weeks well
  whole wide widely work working works write written year years yield yielded yields
  ability able accuracy accurate accurately additional addition alternative among analysing appear appears area areas arise assume assumed assumption assumptions attention aware away
  become bring brought build building built calculated capability capable capture challenge challenges challenging class classes classical collect collected collection
  completely computation computational concern concerns consequently construct constructed content control controlled controls date dataset datasets
  day decade demand distinct distribution distributions diverse domain double drive driven ease equal error errors establish exhibit exhibited explicit fast feasible
  flexible format free full goal goals growing hand handle helpful hold ideal implementing interface intervention interventions item items keep latter length library light link
  list local look maintain majority manage match matter max maximum min minimum module modules move name namely near notion observational obvious offer ongoing online operation opportunity
  package packages pair pattern patterns perspective placebo possibility powerful precise precisely previous project projects proof prove proved proven public quantitative qualitative random randomised
  randomized rapid rapidly ratio receive received record records region reliable reliably repeated request resource resources respect right robust root rule safe safety scope search
  self sensitivity service share shared side sign situation situations specificity stage start statistical statistics stable status straightforward subset subtle tend trial trials true try turn
  understood university usage via vignette volume website  
  odds confidence interval intervals significance statistic regression-adjusted cohort cohorts retrospective prospective trial baseline multicenter multicentre empirical simulation simulations
  age aged ages sex gender men male males female females women adult adults elderly subject volunteers mechanism mechanisms vitro vivo inhibition diagnosis
  two three four five six seven eight nine ten eleven twelve hundred thousand dozen half twice once
  sense despite furthermore moreover even lot hard made meet make suppress exploit denote denotes restrict verify verifies reproduce reproduces synthesize update updates prepare wish struggle
  get got release finite zero fraction fractions sum sums bound bounds upper convergence stability uniform arbitrary exact
  license licence copyright creative commons attribution international author keyword keywords email mail vol inc press editor editors editorial repository zenodo doi
  department institute faculty corresponding address abbreviation abbreviations supplementary appendix acknowledgement acknowledgements received accepted revised published publisher proceedings conference journal bulletin
  rat rats mouse mice human humans animal animals micrograms microgram milligram concentration concentrations dose doses daily weekly yr wk mo
  execution maximize maximizing retest instance instances motivation argument modified certainty history world event events preliminary report reports made institution expert experts
  disease diseases syndrome syndromes therapy therapies agent agents drug drugs activity activities action actions symptom symptoms loss complication complications profile profiles body movement movements
  ii iii iv vi vii viii ix ist und der die das den dem von mit für ein eine einer des auf les dans pour une sur que los las del por con para est sont et la le
  statement statements course courses workflow workflows care adverse endpoint endpoints placebo blind blinded medication discontinuation eligible faster earlier worsening predefined secondary superior inferior
  frequency panel target assure trend database criterion criteria college american european cause highest lowest entry chart workers intent modification modifications comparability onset
  assessment-based follow-up long short
  lesson lessons teach teaches teaching taught learner learners student students graduate graduates training trained tutorial tutorials introductory workshop workshops educational education newcomer newcomers
  beginner beginners audience audiences style styles hands-on guide guides guided comprehensive comprehensively leverage leverages leveraging started dive accessible access interactive interactively
  programming programs programmer programmers code codes coding machine machines structure structures incorporate incorporation github enough versatile session sessions popularity
  latest missing gap gaps fill skip progress facilitate facilitates expand expands expanding host hosted hosts remote remotely span spans deliver delivers delivered real-world e-learning
  book eds ed vols pp chapter chapters seminar lecture
  et al fig figure eq ref ci sd se vs mg ml kg mm cm km hz khz mhz mmol mol min sec hr hrs nm um μm dl mmhg pct percent doi http https www com org html pdf
  e.g i.e ie eg etc inf sup sub amp lt gt quot
`
const stems: ReadonlySet<string> = new Set(
  genericWords
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(stem),
)

/** Whether a stem belongs to a word that any paper might use, whatever its subject. */
export function isGeneric(stemmed: string): boolean {
  return stems.has(stemmed)
}

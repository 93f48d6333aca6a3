/**
 * Words that end in a full stop without ending a sentence, by what may follow them. Collected from the style manuals of
 * the fields (Chicago Manual of Style 17, ch. 10; AMA Manual of Style 11, ch. 13) and from reading papers. All are
 * given in lower case and without their last full stop.
 */

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/))

/** A sentence never ends here: something must follow. */
export const neverFinal = words(
  `e.g i.e eg ie cf c.f vs viz resp approx appr ca incl excl esp w.r.t i.i.d a.k.a n.b std avg
  dr mr mrs ms mx prof st mt messrs mme mlle hon sgt capt lt univ dept assoc misc calc equiv diam hosp freq quant prelim signif conf tech mult subsp ssp aff var proc trans`,
)

/** A number, a letter or a bracketed number that follows belongs to these: "Fig. 2", "Eq. (3)", "Sect. IV", "Jan. 2014". */
export const reference = words(
  `fig figs eq eqs eqn eqns sec secs sect sects ch chap chaps tab tabs tbl ref refs no nos nr vol vols p pp pg
  appx append alg algo thm prop lem def defn ex exp expt expts ver v para col cols suppl
  jan feb mar apr jun jul aug sep sept oct nov dec`,
)

/** Units, which end a sentence as often as not; a number that follows is theirs only where none stands before. */
export const unit = words('min mins sec secs hr hrs yr yrs wk wks mo mos ft lb lbs oz max temp conc wt ht')

/** Other words written with a full stop that may or may not end a sentence. */
export const other = words('etc inc ltd corp co jr sr sp spp al ed eds mg kg')

/** Acronyms with full stops inside that are no person's initials. */
export const dottedAcronym = words(
  `u.s u.k u.s.a u.n e.u u.s.s.r d.c n.y l.a ph.d m.d m.sc b.sc b.a m.a m.s b.s d.phil m.phil ll.b ll.m m.b.a r.n
  d.d.s d.v.m dr.med a.m p.m i.v i.p i.m s.c p.o b.i.d t.i.d q.d q.i.d a.d b.c c.e b.c.e s.d s.e s.e.m c.i o.r h.r
  r.r n.s d.f`,
)

/** What stands after "U.S." and the like within a name. */
export const acronymContinuation = words(
  `department food census government national senate congress army navy air preventive public environmental president
  supreme bureau centers centres geological federal fish patent dollar dollars dept house secretary treasury office
  agency institute institutes veterans virgin marine coast postal securities forest citizens citizen states code court
  district circuit constitution renal nuclear agency for and`,
)

/** Words that begin sentences and follow no initial: "in R. The package", "hepatitis B. We". */
export const sentenceOpener = words(
  `the we this these those that it its they their there our in on at by from for with as to of after before during while
  when where which who if although though because since however moreover furthermore therefore thus hence here
  also additionally finally first second third next then both each all some many most several other another such no
  not only even using based given let consider note see is are was were do does did can could may might will would
  should must he she his her an one two three four five patients participants results data methods conclusions
  background objective objectives overall together despite unlike compared similarly conversely consequently
  nevertheless nonetheless instead indeed but and or yet so what how why i you your my`,
)

/** Words before a capital letter that make it a name of a thing and not an initial: "vitamin D.", "group A.", "in R." */
export const letterNamed = words(
  `vitamin vitamins hepatitis group groups type types class classes panel appendix table figure experiment model factor
  protein influenza method case set sets arm cohort study site phase grade category condition option sample part
  section variant algorithm system scheme plan version language matrix vector graph point points node nodes variable
  event coefficient parameter in using and or of to versus vs with is than schedule team treatment drug form stage
  level strain serotype subtype subgroup version task dataset corpus program problem step line`,
)

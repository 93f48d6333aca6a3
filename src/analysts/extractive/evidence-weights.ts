/**
 * Weights of the evidence rankers in the order of `evidenceFeatureNames`, fitted by
 * `node bench/training/evidence.ts <labelled sets>`.
 */

/** For abstracts; SciFact's training claims (Wadden et al. 2020, CC-BY 4.0). */
export const abstractEvidenceWeights: readonly number[] = [
  /* bm25 */ 0.715, /* bm25 of the best */ 0.767, /* coverage */ 0.758, /* coverage of the best */ 0.454,
  /* coverage of the focus */ 0.758, /* focus of the best */ 0.454, /* coverage and focus */ 0.947,
  /* pairs */ 0.58, /* letters */ 1.43, /* rarest term */ -0.163, /* first term */ 0.351, /* numbers */ 0.597,
  /* context before */ 0.543, /* context after */ 0.062, /* context of five */ -1.577, /* finding */ 0.323,
  /* statistic */ 0.091, /* comparison */ 0.538, /* hedge */ 0.049, /* negation */ 0.729,
  /* same direction */ 0.148, /* digits */ 0.265, /* first */ -0.268, /* place */ 2.119, /* last */ -0.604,
  /* last tenth */ 0.006, /* short */ -0.108, /* long */ 0.49, /* question */ 0.0, /* background */ -0.655,
  /* objective */ -0.295, /* method */ -0.485, /* result */ 0.765, /* results section */ 0.0,
  /* abstract section */ 0.0, /* methods section */ 0.0, /* introduction section */ 0.0,
  /* conclusion section */ 0.0, /* discussion section */ 0.0, /* finding × coverage */ 0.332,
  /* statistic × focus */ -0.143, /* result × coverage */ 0.974, /* density */ 0.209,
]

/** For full texts; the development part of Evidence Inference 2.0 (DeYoung et al. 2020, MIT). */
export const fullTextEvidenceWeights: readonly number[] = [
  /* bm25 */ 0.134, /* bm25 of the best */ 0.635, /* coverage */ 0.327, /* coverage of the best */ 0.392,
  /* coverage of the focus */ 1.946, /* focus of the best */ 2.011, /* coverage and focus */ 0.834,
  /* pairs */ 0.509, /* letters */ 0.2, /* rarest term */ -0.284, /* first term */ -0.299,
  /* numbers */ 0.036, /* context before */ 0.184, /* context after */ 0.308, /* context of five */ 0.138,
  /* finding */ 0.414, /* statistic */ 0.746, /* comparison */ 1.033, /* hedge */ -0.851,
  /* negation */ 0.687, /* same direction */ 0.329, /* digits */ 0.149, /* first */ -0.261,
  /* place */ -0.307, /* last */ 0.064, /* last tenth */ -1.35, /* short */ -0.906, /* long */ -0.445,
  /* question */ -0.031, /* background */ -0.825, /* objective */ -1.233, /* method */ -1.515,
  /* result */ 1.496, /* results section */ 0.384, /* abstract section */ 0.667, /* methods section */ -0.178,
  /* introduction section */ -1.238, /* conclusion section */ -0.504, /* discussion section */ -1.856,
  /* finding × coverage */ 0.639, /* statistic × focus */ 1.312, /* result × coverage */ 0.782,
  /* density */ 0.667,
]

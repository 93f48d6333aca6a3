/**
 * How a note is set: A4, one column of about 80 characters, Charis SIL (a Charter) justified. Ligatures are off and words
 * are not broken, so that the text of the PDF is the text of the note: Chromium has no patterns of its own to hyphenate
 * by, and leaves soft hyphens in the text.
 */
export const stylesheet = `
@page {
  size: A4;
  margin: 27mm 30mm 28mm;
  @bottom-center { content: counter(page); font: 9.5pt 'Charis SIL', serif; }
}
html {
  font: 10.2pt/1.38 'Charis SIL', 'Caladea', 'Liberation Serif', serif;
  font-variant-ligatures: none;
  font-variant-numeric: lining-nums;
  font-kerning: normal;
  color: #000;
}
body { margin: 0; }
header { text-align: center; margin: 6mm 0 9mm; }
h1 { font-size: 18pt; line-height: 1.22; font-weight: 700; margin: 0 0 5mm; text-wrap: balance; }
.authors { font-size: 11.5pt; margin: 0 0 1mm; }
.date { margin: 0; }
p { margin: 0; text-align: justify; text-wrap: pretty; orphans: 2; widows: 2; }
p + p { text-indent: 1.4em; }
header p { text-align: center; text-indent: 0; }
h2, h3 { font-weight: 700; line-height: 1.25; break-after: avoid; margin: 6mm 0 2mm; }
h2 { font-size: 13.4pt; }
h3 { font-size: 11pt; margin: 4mm 0 1.4mm; }
h2 + h3 { margin-top: 2mm; }
.abstract { margin: 0 9mm 8mm; font-size: 9.4pt; line-height: 1.36; }
.abstract h2 { font-size: 10.6pt; text-align: center; margin: 0 0 1.6mm; }
.abstract .keywords { margin-top: 2mm; text-indent: 0; text-align: left; }
ul, ol { margin: 2mm 0; padding-left: 1.5em; }
li { text-align: justify; margin: 0.4mm 0; }
code { font: 0.86em 'DejaVu Sans Mono', 'Liberation Mono', monospace; overflow-wrap: anywhere; }
pre { margin: 2.5mm 0; padding: 0 0 0 4mm; font-size: 9pt; line-height: 1.35; white-space: pre-wrap; text-align: left; break-inside: avoid; }
table {
  border-collapse: collapse;
  margin: 4mm auto;
  font-size: 9.4pt;
  line-height: 1.3;
  border-top: 0.9pt solid #000;
  border-bottom: 0.9pt solid #000;
  break-inside: avoid;
}
thead { display: table-header-group; }
th { font-weight: 700; text-align: left; border-bottom: 0.5pt solid #000; vertical-align: bottom; }
th, td { padding: 0.9mm 2.6mm; }
td { vertical-align: top; }
[align='right'] { text-align: right; font-variant-numeric: lining-nums tabular-nums; }
[align='center'] { text-align: center; }
blockquote { margin: 2mm 6mm; }
a { color: inherit; text-decoration: none; }
`

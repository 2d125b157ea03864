// Package field holds the grammars of single values: sums of money, shares and
// ratios, dates, numbers of official documents, ordinals, statuses and the
// words for "none".
//
// Each grammar takes text as people or OCR wrote it and returns what it found
// with the byte range that it stands in. All of them compare folded text
// (lower case, no marks), because marks are what OCR loses first, and accept
// words that are a small weighted edit distance away from the right ones. A
// grammar never guesses silently: where a value could be read in two ways, it
// returns the likelier one and names the others.
package field

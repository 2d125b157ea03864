// Package normalize turns damaged Vietnamese into right Vietnamese and says
// what it changed and why.
//
// Three layers, from the mechanical to the statistical:
//
//   - form: [NFC], [Tones] and [Fold] bring text to one Unicode form, one
//     placement of tone marks, and to the mark-free form that comparisons use;
//   - legacy encodings: [Decode] converts TCVN3, VNI and Windows-1258 text that
//     an old font drew as Vietnamese; [Restorer.TextLayer] recognises it by line;
//   - repair: a [Restorer] treats what OCR made of a text as a noisy channel.
//     Candidates for each damaged word come from confusions of letters that were
//     counted ([TrainChannel]), an n-gram model of syllables (package lm, made by
//     [Train]) weighs them in their context.
//
// Three channels are told apart by the letters that a stretch of text uses:
// light (an engine that knows Vietnamese: most is right, and a change has to be
// all but certain), heavy (an engine without Vietnamese letters: most is wrong)
// and bare (marks were taken off). One page may hold them all.
//
// Pages that were read from pictures are treated with less awe than text that
// people typed: the engine's confidence in each word enters ([Restorer.Page]),
// and so do misreadings that only engines make, such as capitals for small
// letters of the same shape, letters for digits, and lost tails of commas.
//
// A Restorer changes only what the evidence is strong enough to change. Every
// change carries a reason and a score, and where it saw damage but could not
// decide it says so.
package normalize

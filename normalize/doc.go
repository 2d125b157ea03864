// Package normalize turns damaged Vietnamese into right Vietnamese and says
// what it changed and why.
//
// Three layers, from the mechanical to the statistical:
//
//   - form: [NFC], [Tones] and [Fold] bring text to one Unicode form, one
//     placement of tone marks, and to the mark-free form that comparisons use;
//   - legacy encodings: [Decode] recognises runs of TCVN3, VNI and Windows-1258
//     bytes that an old font drew as Vietnamese, and converts them;
//   - repair: a [Restorer] treats what OCR made of a text as a noisy channel.
//     Candidates for each damaged word come from learned confusions of letters,
//     an n-gram model of syllables (package lm) weighs them in their context.
//
// A Restorer changes only what the evidence is strong enough to change. Every
// change carries a reason and a score, and where it saw damage but could not
// decide it says so.
package normalize

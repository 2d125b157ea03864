// Package lm is an n-gram language model of tokens: interpolated modified
// Kneser–Ney smoothing after Chen and Goodman (1999), trained in memory,
// pruned, quantised, and read in place from a mapped file or from bytes that
// are linked into the program.
//
// The package knows nothing about Vietnamese. What a token is (a syllable, a
// class of numbers, a punctuation mark) is decided by the caller, who hands
// sentences of tokens to a [Trainer] and scores token ids with a [Model].
package lm

// Package eval compares what sohoa made of documents with what is known to be
// true about them, and puts the difference into figures.
//
// Truth ([Gold]) comes from a folder of JSON files: the project's own form and
// those of the hand-annotated collections, told apart by their keys (see
// [ReadGold]); a plain .txt file is truth about the running text alone.
// Predictions are documents of the form sohoa.document/1. A prediction belongs
// to the truth whose stem begins its source's name, so that one truth serves
// all renderings of a report: "tasks" is the truth of "tasks.grey200.pdf", and
// "grey200" is the group under which the figures are summed.
//
// Every figure is kept as counts ([Share], [Match], [Edits], [Mean]) and only
// divided when it is shown: figures of a group are those of its documents
// taken together, not means of means. All texts are compared after [Canonical].
// Numbers, dates and citations in records are right when their text and their
// value are.
package eval

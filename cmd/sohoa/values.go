package main

import (
	"strings"

	"github.com/sohoa/sohoa/extract"
	"github.com/sohoa/sohoa/extract/field"
	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/review"
	"github.com/sohoa/sohoa/schema"
)

// interpreter makes typed values of what reviewers type, with the grammars that
// read the reports. Its errors are keys of the review pages' table of texts.
func interpreter(profiles []extract.Profile) func(review.Kind, string) (any, error) {
	var words []field.StatusWords
	for _, p := range profiles {
		for _, s := range p.Statuses {
			words = append(words, field.StatusWords{Status: s.Status, Labels: s.Labels, Phrases: s.Phrases})
		}
	}
	statuses := field.NewStatusReader(words)
	return func(kind review.Kind, text string) (any, error) {
		switch kind {
		case review.Sum:
			return sum(text)
		case review.Date:
			if all := field.Dates(text); len(all) == 1 {
				return all[0].Value, nil
			}
			return nil, review.Complaint("This is no date. Write it like 07/7/2025.")
		case review.Period:
			if d, ok := field.CellTime(text); ok {
				return d.Value, nil
			}
			if field.Recurring(text) {
				return text, nil
			}
			return nil, review.Complaint("This is no date or period. Write it like 07/7/2025, 9/2025 or Quý IV/2025.")
		case review.Number:
			if r, ok := field.Number(text, false); ok {
				return r.Value, nil
			}
			return nil, review.Complaint("This is no number.")
		case review.Status:
			if hit, ok := statuses.Label(text); ok {
				return string(hit.Status), nil
			}
			if hit, ok := statuses.Read(text); ok {
				return string(hit.Status), nil
			}
			return nil, review.Complaint("This is no known status.")
		case review.Cited:
			if all := field.Citations(text); len(all) > 0 {
				return all[0].Citation, nil
			}
			return nil, review.Complaint("This is no citation of a document.")
		case review.Quantity:
			return quantity(text)
		case review.Bool:
			switch normalize.Fold(strings.TrimSpace(text)) {
			case "x", "co", "dung", "yes", "true":
				return true, nil
			case "khong", "sai", "no", "false":
				return false, nil
			}
			return nil, review.Complaint("This is no yes or no.")
		}
		return text, nil
	}
}

func sum(text string) (any, error) {
	all := field.Amounts(text)
	if len(all) == 0 {
		all = field.BareAmounts(text)
	}
	switch {
	case len(all) != 1 || all[0].Currency != "VND":
		return nil, review.Complaint("This is no sum of money. Write it like 2,5 tỷ đồng or 350.000.000 đ.")
	case len(all[0].Others) > 0:
		return nil, review.Complaint("This can be read in two ways. Write it out, like 2.500.000.000 đ.")
	}
	return all[0].Money, nil
}

func quantity(text string) (any, error) {
	if all := field.Ratios(text); len(all) == 1 {
		return schema.Quantity{Number: all[0].Part, Of: all[0].Whole}, nil
	}
	if all := field.Percents(text); len(all) == 1 {
		return schema.Quantity{Number: all[0].Value, Unit: "%", Qualifier: all[0].Bound}, nil
	}
	number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	if r, ok := field.Number(number, false); ok {
		return schema.Quantity{Number: r.Value, Unit: strings.TrimSpace(unit)}, nil
	}
	return nil, review.Complaint("This is no share or count.")
}

package review

// key is a line of the help, and all that the script knows about keys stands
// in static/correct.js under the same names.
type key struct {
	Names []string
	Does  string
}

var keys = []key{
	{[]string{"Enter"}, "accept and go to the least sure field"},
	{[]string{"E", "Space"}, "edit; Esc leaves"},
	{[]string{"1", "…", "9"}, "take that reading"},
	{[]string{"D"}, "same as in the row above"},
	{[]string{"B"}, "the field is blank on the paper"},
	{[]string{"X"}, "it cannot be read"},
	{[]string{"S"}, "put off"},
	{[]string{"U"}, "undo my last"},
	{[]string{"Tab"}, "take the marked suggestion"},
	{[]string{"+", "−", "0"}, "zoom"},
	{[]string{"R"}, "turn the picture"},
	{[]string{"N"}, "next place of a field that is in several"},
	{[]string{"↑", "↓", "←", "→"}, "move the picture"},
	{[]string{"G"}, "have the page read again, in another manner"},
	{[]string{"T"}, "open the table"},
	{[]string{"Q"}, "back to the queue"},
	{[]string{"?"}, "this help"},
}

package extract

// Woven gives tests the weights that part woven lines.
var Woven = &weighWoven

//go:build race

package child

// raceDetector tells that the program was built with the race detector, whose
// shadow memory is many times what the limit on data allows.
const raceDetector = true

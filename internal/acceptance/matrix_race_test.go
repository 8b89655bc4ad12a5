//go:build race

package acceptance

// The race detector makes the matrix ten times slower, and finds nothing more
// in its thousandth cell.
const underRace = true

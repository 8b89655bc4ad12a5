// Package devintest is a fake of the Devin API v3: an http.Handler with a
// company made from a seed, keys for every outcome of the connection check,
// faults on demand, and a record of its requests.
//
// The fake is stricter than the API is known to be: it refuses unknown query
// keys, comma-joined lists and badly escaped ids, so that a mistake of the
// client fails a test here instead of being ignored there.
//
// A request goes through these files: server.go, endpoints.go (the table of all
// paths: a new endpoint is a line there, and a method of call that answers it),
// call.go, query.go, and list.go or answer.go. What may go wrong is in fault.go;
// what the documentation leaves open is in quirks.go (a new quirk is a field
// there, and a condition where it changes an answer). requests.go keeps the record,
// keys.go has the keys and their permissions, and testing.go starts the fake for tests.
//
// The company is in company.go, names.go and people.go. Each file after that is
// an area of the API: what the company does there (a method of company), what a
// test may compare with (an exported method of Server), and what is answered (a
// method of call). All of it follows from hashes of the seed, a billing day and
// an account's key, so nothing is stored.
package devintest

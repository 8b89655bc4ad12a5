// Package devin is a client for the usage side of the Devin API, version 3:
// members, ACU consumption, metrics, sessions, security logs, the limits of
// consumption, and a check of what a key may read.
//
// It sends GET, and for limits PUT, PATCH and DELETE. It knows nothing of
// Terraform.
//
// Units, across the package: ACUs are fractional numbers; instants travel as
// Unix seconds; days are Devin's billing days, which run from 08:00 UTC to
// 08:00 UTC all year (midnight in a fixed UTC-8). A value that the API may
// leave out or send as null is a pointer here.
//
// An answer that cannot be read, or that is not what was requested, is an *Error.
// One that is odd, and that no documentation forbids, is a result and a Notice,
// which WithNotices collects.
//
// A Client reads the whole enterprise, or one organization if Config.OrgID or
// Client.In says so. A key of an organization can read only that one.
//
// # Where to begin
//
//   - client.go, scope.go and notices.go: what every method has in common. Requests,
//     retries, lists and errors are those of package rest.
//   - values.go and window.go: the types of numbers, times, days and windows.
//   - queue.go is the smallest API area; each of the others also has one file, with its
//     types and one method for an endpoint. filters.go makes sure that Devin applies
//     the filters of a request.
//   - report.go reads what the API has only for one user, organization or service user
//     at a time; population.go lists them.
//     consumption_report.go compares such parts with their whole.
//   - headroom.go combines limits and consumption, and connection.go checks a key.
package devin

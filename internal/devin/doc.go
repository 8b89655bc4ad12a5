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
// An answer that cannot be read, or that is not what was asked for, is an *Error.
// One that is odd, and that no documentation forbids, is a result and a Notice,
// which WithNotices collects.
package devin

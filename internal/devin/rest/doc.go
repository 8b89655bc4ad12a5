// Package rest is how the Devin API is spoken to: requests, retries, the
// throttle, lists, errors, the key, and answers that several askers share. It
// knows no endpoint and nothing of Terraform.
package rest

package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// This file puts messages of explain into Terraform's diagnostics.

func addError(diags *diag.Diagnostics, m explain.Message) { diags.AddError(m.Summary, m.Detail) }

func addWarning(diags *diag.Diagnostics, m explain.Message) { diags.AddWarning(m.Summary, m.Detail) }

func addErrorAt(diags *diag.Diagnostics, at path.Path, m explain.Message) {
	diags.AddAttributeError(at, m.Summary, m.Detail)
}

// attributeError is an error that one argument caused. Terraform shows the line of
// the argument.
type attributeError struct {
	path            path.Path
	summary, detail string
	cause           error // nil when no answer of Devin led to it
}

// errorAt is an attributeError with a message of explain.
func errorAt(at path.Path, m explain.Message, cause error) error {
	return &attributeError{path: at, summary: m.Summary, detail: m.Detail, cause: cause}
}

func (e *attributeError) Unwrap() error { return e.cause }

func (e *attributeError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.path, e.summary, e.detail)
}

// addFailure adds the error of a read or a write: at the argument that caused it, or at
// the block. action is what failed.
func addFailure(diags *diag.Diagnostics, action string, err error) {
	var at *attributeError
	var scope *devin.ScopeError
	if errors.As(err, &at) && !errors.As(err, &scope) {
		diags.AddAttributeError(at.path, at.summary, at.detail)
		return
	}
	addError(diags, explain.Error(action, err))
}

// addResultError adds the error of a result that cannot be written for Terraform.
func addResultError(diags *diag.Diagnostics, action string, err error) {
	var size *wire.SizeError
	if errors.As(err, &size) {
		addError(diags, explain.ResultTooLarge(action, size))
		return
	}
	addError(diags, explain.Bug("Could not %s: the result cannot be written for Terraform: %s.", action, err))
}

// addNotices makes a warning of each kind of notice, or an error where the provider is
// strict.
func addNotices(diags *diag.Diagnostics, notices []devin.Notice, strict bool) {
	for _, m := range explain.Notices(notices, strict) {
		if strict {
			addError(diags, m)
		} else {
			addWarning(diags, m)
		}
	}
}

package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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

// attributeError is an error that one argument caused. Terraform shows the line of the
// argument.
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

// addFailure does what the function addFailure does, but if Devin refuses the key, only
// the first such error of a run says what to do.
func (p *providerData) addFailure(diags *diag.Diagnostics, action string, err error) {
	var scope *devin.ScopeError
	if errors.As(err, &scope) && scope.KeyRefused && p.keyExplained.Swap(true) {
		diags.AddError(explain.Error(action, err).Summary, explain.KeyExplained(action))
		return
	}
	addFailure(diags, action, err)
}

// addCheckFailure adds the error of a check that did not pass, always in full.
func (p *providerData) addCheckFailure(diags *diag.Diagnostics, c *devin.Connection) {
	if c.Code == devin.InvalidCredentials {
		p.keyExplained.Store(true)
	}
	addError(diags, explain.CheckFailed(c))
}

// addResultError adds the error of a data source's result that cannot be written for
// Terraform. has says which arguments the data source has.
func addResultError(diags *diag.Diagnostics, action string, err error, has func(argument string) bool) {
	if size, ok := errors.AsType[*wire.SizeError](err); ok {
		addError(diags, explain.ResultTooLarge(action, size, has))
		return
	}
	addUnwritable(diags, action, err)
}

// addUnwritable adds the error of a value that only a bug of the provider can make.
func addUnwritable(diags *diag.Diagnostics, action string, err error) {
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

type warningsKey struct{}

// withWarnings returns a context under which warn adds to diags.
func withWarnings(ctx context.Context, diags *diag.Diagnostics) context.Context {
	return context.WithValue(ctx, warningsKey{}, diags)
}

// warn adds a warning to the result that is read under the context. Unlike a notice of
// the client, it is about the configuration, and never an error.
func warn(ctx context.Context, summary, detail string) {
	if diags, ok := ctx.Value(warningsKey{}).(*diag.Diagnostics); ok {
		diags.AddWarning(summary, detail)
	}
}

// harmlessLength is a length that every server and proxy accepts.
const harmlessLength = 1000

// blameArgument points the error of a request that was too long to the longest argument,
// if that is long enough to be the cause.
func blameArgument(err error, config tftypes.Value) error {
	if !explain.TooLong(err) {
		return err
	}
	name, length := longestArgument(config)
	if length < harmlessLength {
		return err
	}
	return errorAt(path.Root(name), explain.LongArgument(name, length, err), nil)
}

// longestArgument returns the argument with the most text.
func longestArgument(config tftypes.Value) (name string, length int) {
	var arguments map[string]tftypes.Value
	if config.As(&arguments) != nil {
		return "", 0
	}
	for candidate, argument := range arguments {
		// A report sends a request for each of the ids, and says which of them are unknown.
		if _, report := arguments["unknown_"+candidate]; report {
			continue
		}
		n := 0
		_ = tftypes.Walk(argument, func(_ *tftypes.AttributePath, v tftypes.Value) (bool, error) {
			var text string
			if v.Type().Is(tftypes.String) && v.IsKnown() && v.As(&text) == nil {
				n += len(text)
			}
			return true, nil
		})
		if n > length || n == length && candidate < name {
			name, length = candidate, n
		}
	}
	return name, length
}

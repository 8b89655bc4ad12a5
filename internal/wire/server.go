// Package wire encodes results for Terraform in place of the framework, whose State.Set
// takes longer than everything else together: 21 s for 50,000 members with two roles
// each, where the encoder here takes a tenth of a second (make bench). It knows no type
// of the provider.
package wire

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// resultLimit is the most bytes that one result may have. plugin-go's server sends
// messages of up to 256 MiB, and Terraform accepts 2 GiB. For a larger message Terraform
// shows nothing but a gRPC ResourceExhausted error. One MiB is left for the diagnostics
// in the same message.
const resultLimit = 255 << 20

// largeResult is the size above which the garbage of a read is freed before gRPC copies
// the result into its message; the collector would run only after the copy. For 600,000
// rows of csv the peak of the provider is 195 to 215 MiB with it, and 240 to 280 without.
// It takes tens of milliseconds, where Terraform then takes seconds.
const largeResult = 32 << 20

// frameworkServer has all methods of the framework's server. The interfaces after the
// first are optional in plugin-go, which finds them with a type assertion: a wrapper that
// embeds only tfprotov6.ProviderServer would hide them.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's server, except that it sends the results that data sources
// have set with SetResult, and understands how OpenTofu passes null to a function.
type server struct {
	frameworkServer
	limit int
}

// NewServer returns a server of p. Data sources that call SetResult can be read only
// through such a server, in tests too.
func NewServer(p provider.Provider) (tfprotov6.ProviderServer, error) {
	inner, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		return nil, err
	}
	joined, ok := inner.(frameworkServer)
	if !ok {
		return nil, fmt.Errorf("the server of terraform-plugin-framework (%T) lacks a part of the protocol: "+
			"its version does not fit that of terraform-plugin-go", inner)
	}
	return &server{frameworkServer: joined, limit: resultLimit}, nil
}

// ReadDataSource has the framework do everything but encode: configuration,
// validation, Configure, Read, diagnostics.
func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	r := &result{limit: s.limit}
	resp, err := s.frameworkServer.ReadDataSource(context.WithValue(ctx, resultKey{}, r), req)
	// A deferral says that nothing was read yet, even if the data source set a result.
	if err != nil || r.encoded == nil || resp.Deferred != nil || hasError(resp.Diagnostics) {
		return resp, err
	}
	resp.State = &tfprotov6.DynamicValue{MsgPack: r.encoded}
	if len(r.encoded) > largeResult {
		debug.FreeOSMemory()
	}
	return resp, nil
}

// CallFunction replaces arguments without data, which OpenTofu sends for null. The
// framework knows only the null that Terraform sends, which is encoded like any value.
func (s *server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	for i, argument := range req.Arguments {
		if len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			req.Arguments[i] = &tfprotov6.DynamicValue{MsgPack: []byte{msgpcode.Nil}}
		}
	}
	return s.frameworkServer.CallFunction(ctx, req)
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// result is in the context of a read: SetResult puts the encoded model into it, and the
// server takes it out.
type result struct {
	limit   int
	encoded []byte
}

type resultKey struct{}

// SetResult makes the model that m points to the result of the read to which ctx belongs.
// It encodes the model at once, so m may change afterwards. If the result is too large,
// the error is a *SizeError.
func SetResult(ctx context.Context, m any) error {
	r, ok := ctx.Value(resultKey{}).(*result)
	if !ok {
		return errors.New("the provider is not served by wire.NewServer")
	}
	encoded, err := encode(ctx, m, r.limit)
	if err != nil {
		return err
	}
	r.encoded = encoded
	return nil
}

// SizeError is a result that Terraform could not receive.
type SizeError struct {
	Size, Limit int // in bytes
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("the result has %s, and a provider can hand at most %s to Terraform at once",
		mebibytes(e.Size), mebibytes(e.Limit))
}

func mebibytes(n int) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }

// Package wire takes results to Terraform past the framework, whose way to
// state costs more than everything else together: State.Set needs 21 s for
// 50,000 members with two roles each, the encoder here a tenth of a second for
// the same values (make bench). It knows no type of the provider.
package wire

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// resultLimit is the most bytes that one result may have. plugin-go's server
// sends messages of up to 256 MiB and Terraform's side accepts 2 GiB; past the
// former, Terraform shows nothing but a gRPC ResourceExhausted error. The MiB
// less leaves room for the diagnostics in the same message.
const resultLimit = 255 << 20

// largeResult is the size from which what a read leaves behind is given back before
// gRPC copies the result into its message. The collector would come to it after the
// copy. For 600,000 rows of csv the provider's peak is 195 to 215 MiB with it, and 240
// to 280 without. It takes tens of milliseconds, where Terraform then takes seconds.
const largeResult = 32 << 20

// frameworkServer is everything that the framework's server can do. The parts
// after the first are optional in plugin-go, which looks for them with a type
// assertion: a wrapper that embeds tfprotov6.ProviderServer alone hides them.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's server, except that results of data sources that
// come encoded go out as they are.
type server struct {
	frameworkServer
	limit int
}

// NewServer serves p. Whatever serves a provider whose data sources call
// SetResult, tests included, must come from here, or they cannot read.
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
	// A deferral says that nothing was read yet, whatever the data source left.
	if err != nil || r.encoded == nil || resp.Deferred != nil || hasError(resp.Diagnostics) {
		return resp, err
	}
	resp.State = &tfprotov6.DynamicValue{MsgPack: r.encoded}
	if len(r.encoded) > largeResult {
		debug.FreeOSMemory()
	}
	return resp, nil
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// result travels in the context of a read, from the server to the data source
// and, with the encoded model in it, back.
type result struct {
	limit   int
	encoded []byte
}

type resultKey struct{}

// SetResult makes the model that m points to the result of the read that ctx
// belongs to. It is encoded at once, so m may change afterwards. The error is a
// *SizeError where the result is too large.
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

package acceptance

import (
	"context"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
	"github.com/devin-community/terraform-provider-devin/internal/wire"
)

// The fault matrix runs in synctest bubbles: fake and provider talk over pipes
// in memory, so that a minute of waiting takes no time, a read that hangs is a
// deadlock that synctest reports, and so is a goroutine that is left over.

// matrixKey looks like a key of Devin's, and nothing else in the tests has a
// piece of it: what shows it has leaked it.
const matrixKey = "cog_Zx81QvKq7TbN4mWe0RjYhLd2"

// bubble is a fake Devin inside a synctest bubble.
type bubble struct {
	*devintest.Server
	pipes     *pipes
	transport *http.Transport
	started   time.Time
}

// inBubble runs f with a fake. Providers made in it have the defaults of
// every user: 4 retries, 60 s for each, 16 requests at a time.
func inBubble(t *testing.T, opts devintest.Options, f func(t *testing.T, b *bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(opts)
		defer b.close()
		f(t, b)
	})
}

func newBubble(opts devintest.Options) *bubble {
	b := &bubble{pipes: newPipes(), started: time.Now()}
	opts.Now = b.Now
	b.Server = devintest.New(opts)
	b.AddKey(matrixKey, devintest.Principal{ID: "service-user-1", Name: "Matrix", Permissions: devintest.AllPermissions()})
	// As many idle connections as the client's own transport keeps.
	b.transport = &http.Transport{DialContext: b.pipes.dial, MaxIdleConns: 16, MaxIdleConnsPerHost: 16}
	server := &http.Server{
		Handler: b.Server, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute,
	}
	go func() {
		<-b.pipes.closed
		_ = server.Close()
	}()
	go func() { _ = server.Serve(b.pipes) }()
	return b
}

func (b *bubble) close() {
	b.transport.CloseIdleConnections()
	b.Close()
	_ = b.pipes.Close()
}

// Now is providertest.Now, and from there on the time of the bubble.
func (b *bubble) Now() time.Time { return providertest.Now.Add(time.Since(b.started)) }

// Sleep is that of the bubble, which jumps over it.
func (b *bubble) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *bubble) Provider() provider.Provider {
	return newProvider(b, b.transport)
}

// configured is a provider that asks the bubble's fake, with a key that may do
// everything unless settings has another.
func (b *bubble) configured(t *testing.T, settings map[string]any) *protocol {
	t.Helper()
	return configuredProtocol(t, b.Provider(), "http://127.0.0.1", settings)
}

func configuredProtocol(t *testing.T, p provider.Provider, url string, settings map[string]any) *protocol {
	t.Helper()
	server, err := wire.NewServer(p)
	if err != nil {
		t.Fatal(err)
	}
	protocol := &protocol{&providertest.Protocol{ProviderServer: server, Schemas: allSchemas()}}
	all := map[string]any{"api_key": matrixKey, "api_url": url}
	maps.Copy(all, settings)
	if diags := protocol.Configure(t, all); len(diags) > 0 {
		t.Fatal(providertest.Messages(diags))
	}
	return protocol
}

// allSchemas are made once: thousands of providers are, and they are the same.
var allSchemas = sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
	server, err := wire.NewServer(newProvider(nil, nil))
	if err != nil {
		panic(err)
	}
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	return schemas
})

// pipes is a network of one server in memory.
type pipes struct {
	arriving chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func newPipes() *pipes { return &pipes{arriving: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.arriving:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	mine, theirs := net.Pipe()
	select {
	case p.arriving <- theirs:
		return mine, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (b *bubble) schemaOf(source string) *tfprotov6.Schema {
	return allSchemas().DataSourceSchemas[source]
}
